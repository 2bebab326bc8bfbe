import { defineStage } from "../../shared/stage.ts";
import { trainConfig } from "./config.ts";

/** Trains a new head on the embedded views and puts it on the backbone. */
export const train = defineStage({
  name: "train",
  summary: "train a new head on the embedded views; writes model.onnx",
  version: 2,
  inputs: ["index.labels", "embed", "backbone"],
  config: trainConfig,
  libraries: ["onnxruntime-node"],
  // bench/photos-to-features.ts: thirty epochs of a linear head
  estimate: ({ all }) => ({ units: all, bytes: 15e6, unitsPerSecond: 1200 }),
  run: () => import("./run.ts"),
});
