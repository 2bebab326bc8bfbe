import { familiesOn } from "../shared/training/families.ts";

familiesOn("cpu", { forward: 1e-4, training: 1e-4 });
