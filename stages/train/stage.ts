import { defineStage } from "../../shared/stage.ts";
import { trainConfig } from "./config.ts";

/** Trains a new head, and what is unfrozen below it, on the embedded views. */
export const train = defineStage({
  name: "train",
  summary:
    "train a new head, and the blocks that are unfrozen, on the embedded views, and calibrate it; writes model.onnx",
  version: 5,
  inputs: ["index.labels", "augment", "embed", "backbone"],
  needs: "labels",
  config: trainConfig,
  libraries: ["apache-arrow"],
  // bench/photos-to-features.ts: thirty epochs of a linear head; bench/unfreeze.ts: five of the
  // last four blocks; calibration takes about as long as the training again
  estimate: ({ all }, { unfreeze, epochs, calibrationFolds }) => ({
    units: calibrationFolds === 0 ? all : 2 * all,
    bytes: 35e6,
    unitsPerSecond: unfreeze === "0" ? 1200 : 160 / Number(epochs ?? 5),
  }),
  run: () => import("./run.ts"),
});
