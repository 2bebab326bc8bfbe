import { describe } from "vitest";
import { familiesOn } from "../../training/families.ts";
import { cudaIsThere, onCuda } from "./usable.ts";

describe.skipIf(!cudaIsThere)(onCuda, { timeout: 120_000 }, () => {
  familiesOn("cuda", { forward: 1e-4, training: 1e-4 });
});
