import { z } from "zod";
import {
  backboneOption,
  batchOption,
  engineOption,
  unfreezeOption,
  weightsOption,
} from "../../shared/options.ts";
import { defineStage, viewsIn } from "../../shared/stage.ts";

/** Runs the frozen part of the backbone once over every view and keeps what comes out. */
export const embed = defineStage({
  name: "embed",
  summary: "run the frozen backbone once over every view and keep its features",
  version: 2,
  inputs: ["augment", "backbone"],
  config: z.object({
    backbone: backboneOption,
    weights: weightsOption,
    engine: engineOption,
    unfreeze: unfreezeOption,
    embedBatch: batchOption(4).describe("views that go through the frozen backbone at once"),
  }),
  libraries: ["onnxruntime-node"],
  // bench/photos-to-features.ts: the embedded backbone, 1,280 features
  estimate: (scale, settings) => {
    const units = viewsIn(scale, settings);
    return { units, bytes: units * 1280 * 4, unitsPerSecond: 200 };
  },
  run: () => import("./run.ts"),
});
