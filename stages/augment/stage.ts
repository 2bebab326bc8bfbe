import { defineStage, viewsIn } from "../../shared/stage.ts";
import { config, version } from "./config.ts";
import { rowBytes } from "./plan.ts";

/** Decodes each photo once and warps it into the clean view and random ones. */
export const augment = defineStage({
  name: "augment",
  summary: "decode each photo once and warp it into a clean view and random ones",
  version,
  inputs: ["index.photos"],
  config,
  libraries: ["sharp", "libheif-js"],
  // bench/photos-to-features.ts, photos of 400 × 533 pixels
  estimate: (scale, settings) => {
    const units = viewsIn(scale, settings);
    return { units, bytes: units * rowBytes(Number(settings["inputSize"])), unitsPerSecond: 900 };
  },
  run: () => import("./run.ts"),
});
