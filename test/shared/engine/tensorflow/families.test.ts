import { describe } from "vitest";
import { familiesOn } from "../../training/families.ts";
import { onTensorflow, tensorflowIsThere } from "./installed.ts";

describe.skipIf(!tensorflowIsThere)(onTensorflow, () => {
  familiesOn("tensorflow", { forward: 1e-4, training: 1e-4 });
});
