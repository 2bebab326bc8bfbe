import { z } from "zod";
import {
  backboneOption,
  batchOption,
  deviceOption,
  engineOption,
  normalisationOption,
  unfreezeOption,
  weightsOption,
} from "../../shared/options.ts";
import type { Json } from "../../shared/artifacts/types.ts";
import { defineStage, viewsIn } from "../../shared/stage.ts";

/** Runs the frozen part of the backbone once over every view and keeps what comes out. */
export const embed = defineStage({
  name: "embed",
  summary: "run the frozen backbone once over every view and keep its features",
  version: 3,
  inputs: ["augment", "backbone"],
  config: z.object({
    backbone: backboneOption,
    weights: weightsOption,
    normalisation: normalisationOption,
    engine: engineOption,
    device: deviceOption,
    unfreeze: unfreezeOption,
    embedBatch: batchOption(4).describe("views that go through the frozen backbone at once"),
  }),
  libraries: [],
  // A map that is kept leads to every later boundary, and the pixels lead to all of them.
  servedBy: (there, wanted) =>
    isEarlier(there["unfreeze"], wanted["unfreeze"])
      ? { ...wanted, unfreeze: there["unfreeze"] ?? "0" }
      : null,
  // bench/photos-to-features.ts: the embedded backbone
  estimate: (scale, settings) => {
    const units = viewsIn(scale, settings);
    return { units, bytes: units * 4 * floatsKept(settings["unfreeze"]), unitsPerSecond: 200 };
  },
  run: () => import("./run.ts"),
});

/**
 * Whether a boundary lies before another, as far as their numbers of blocks tell without the
 * network.
 */
function isEarlier(there: Json | undefined, wanted: Json | undefined): boolean {
  const [one, other] = [blocksIn(there), blocksIn(wanted)];
  return one !== null && other !== null && one > other;
}

function blocksIn(unfreeze: Json | undefined): number | null {
  if (unfreeze === "all") return Infinity;
  return typeof unfreeze === "string" && /^\d+$/.test(unfreeze) ? Number(unfreeze) : null;
}

/**
 * Numbers that are kept of a view: those of the embedded backbone, from its last block to its
 * first.
 */
function floatsKept(unfreeze: Json | undefined): number {
  const blocks = blocksIn(unfreeze) ?? 0;
  if (blocks === 0) return 1280;
  if (blocks <= 4) return 192 * 7 * 7;
  if (blocks <= 10) return 112 * 14 * 14;
  return blocks === Infinity ? 0 : 32 * 112 * 112;
}
