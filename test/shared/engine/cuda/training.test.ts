import { describe } from "vitest";
import { gradientsOn } from "../../training/gradient-cases.ts";
import { stepsOn } from "../../training/tails.ts";
import { cudaIsThere, onCuda } from "./usable.ts";

describe.skipIf(!cudaIsThere)(onCuda, { timeout: 120_000 }, () => {
  gradientsOn("cuda", 1e-4);
  stepsOn("cuda", "float32");
});
