import { describe } from "vitest";
import { gradientsOn } from "../../shared/training/gradient-cases.ts";
import { stepsOn } from "../../shared/training/tails.ts";
import { onWebgpu, webgpuIsThere } from "./usable.ts";

describe.skipIf(!webgpuIsThere)(onWebgpu, { timeout: 120_000 }, () => {
  gradientsOn("webgpu", 1e-3);
  stepsOn("webgpu", "float32");
});
