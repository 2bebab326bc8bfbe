import { describe } from "vitest";
import { familiesOn } from "../../training/families.ts";
import { onWebgpu, webgpuIsThere } from "./usable.ts";

describe.skipIf(!webgpuIsThere)(onWebgpu, { timeout: 120_000 }, () => {
  familiesOn("webgpu", { forward: 1e-3, training: 1e-3 });
});
