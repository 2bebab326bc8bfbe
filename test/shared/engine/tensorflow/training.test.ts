import { describe } from "vitest";
import { gradientsOn } from "../../training/gradient-cases.ts";
import { stepsOn } from "../../training/tails.ts";
import { onTensorflow, tensorflowIsThere } from "./installed.ts";

describe.skipIf(!tensorflowIsThere)(onTensorflow, () => {
  gradientsOn("tensorflow", 1e-5);
  stepsOn("tensorflow", "float32");
});
