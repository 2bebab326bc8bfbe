import { z } from "zod";
import { defineStage } from "../../shared/stage.ts";

/** Writes the page that people look at. */
export const report = defineStage({
  name: "report",
  summary: "write report.html: how well it went, what goes wrong, what is wrong with the data",
  version: 5,
  inputs: ["index.labels", "augment", "embed", "export"],
  optionalInputs: ["train"],
  config: z.object({
    compare: z
      .string()
      .regex(/^\S+$/, "expected a run's name or the beginning of a key")
      .optional()
      .describe(
        "a run's name, or the beginning of the key of a training or an export, to set beside this run's",
      ),
  }),
  libraries: ["echarts", "ml-matrix", "sharp", "umap-js"],
  // clothing's 3,409 photos in 12 s on two busy cores: mostly the map, of at most 2,000 photos
  // however many there are
  estimate: ({ all, clean }) => ({ units: all + clean, bytes: 4e6, unitsPerSecond: 280 }),
  run: () => import("./run.ts"),
});
