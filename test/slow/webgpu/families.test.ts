import { describe } from "vitest";
import { familiesOn } from "../../shared/training/families.ts";
import { onWebgpu, webgpuIsThere } from "./usable.ts";

describe.skipIf(!webgpuIsThere)(onWebgpu, { timeout: 120_000 }, () => {
  // Their training passes too, with the same tolerance, but takes ten minutes on a GPU in software: training.test.ts has the smaller tails.
  familiesOn("webgpu", { forward: 1e-3 });
});
