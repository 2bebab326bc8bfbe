import { z } from "zod";
import {
  backboneOption,
  batchOption,
  deviceOption,
  engineOption,
  normalisationOption,
  weightsOption,
} from "../../shared/options.ts";
import { defineStage } from "../../shared/stage.ts";

/** Writes features and predictions of every indexed photo as files that other tools open. */
export const exportStage = defineStage({
  name: "export",
  summary:
    "write features.arrow, features.npy and probabilities.npy: features and predictions of every photo",
  version: 5,
  inputs: ["index.labels", "augment", "embed", "backbone"],
  optionalInputs: ["train"],
  config: z.object({
    backbone: backboneOption,
    weights: weightsOption,
    normalisation: normalisationOption,
    engine: engineOption,
    device: deviceOption,
    features: z
      .string()
      .default("pooled")
      .describe(
        "what to write: pooled, spatial (the map before the pooling) or the name of any node of the backbone",
      ),
    exportBatch: batchOption(16).describe(
      "photos that go through the backbone at once, where embed did not keep the node",
    ),
  }),
  libraries: ["apache-arrow"],
  // bench/photos-to-features.ts: pooled features of the embedded backbone, in two files
  estimate: ({ all, clean }) => ({
    units: all + clean,
    bytes: 2 * (all + clean) * 1280 * 4,
    unitsPerSecond: 4000,
  }),
  run: () => import("./run.ts"),
});
