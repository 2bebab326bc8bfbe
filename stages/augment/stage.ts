import { defineStage } from "../../shared/stage.ts";
import { config, version } from "./config.ts";

/** Decodes each photo once and warps it into the clean view and random ones. */
export const augment = defineStage({
  name: "augment",
  summary: "decode each photo once and warp it into a clean view and random ones",
  version,
  inputs: ["index.photos"],
  config,
  libraries: ["sharp"],
  run: () => import("./run.ts"),
});
