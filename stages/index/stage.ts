import { defineStage } from "../../shared/stage.ts";
import { config } from "./config.ts";

/** Finds, checks, hashes, labels and splits the photos. */
export const index = defineStage({
  name: "index",
  summary: "find, check, hash, label and split the photos",
  version: 3,
  inputs: [],
  config,
  libraries: ["sharp", "libheif-js"],
  source: async (settings, cache) => (await import("./source.ts")).source(settings, cache),
  // bench/photos-to-features.ts, photos of 400 × 533 pixels
  estimate: ({ all, clean }) => ({ units: all + clean, bytes: 0, unitsPerSecond: 700 }),
  run: () => import("./run.ts"),
});
