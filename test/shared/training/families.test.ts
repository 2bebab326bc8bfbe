import { familiesOn } from "./families.ts";

familiesOn("cpu", { forward: 1e-4 });
