import { loadBackbone } from "../../shared/backbone/backbone.ts";
import { findBackbone } from "../../shared/backbone/backbones.ts";
import { frozenGraph } from "../../shared/backbone/frozen.ts";
import { cpuEngine } from "../../shared/engine/onnxruntime.ts";
import { newArena } from "../../shared/image/arena.ts";
import { pixelRoom } from "../../shared/image/pixel-room.ts";
import { prepareSharp } from "../../shared/image/prepare-sharp.ts";
import { serializeModel } from "../../shared/onnx/file.ts";
import { pixelsOf } from "../../shared/predictor/photo-pixels.ts";

/**
 * How sure the pretrained network is of photos, with its own classifier of ImageNet's 1,000
 * classes.
 */
export interface Nearness {
  /** mean of the largest probability over the photos, from 0 to 1 */
  readonly confidence: number;
  readonly photos: number;
}

/** Photos that go through at once. */
const batch = 8;

/** Photos of more pixels are left out of the sample: one that may be a bomb is index's to judge. */
const maxPixels = 100_000_000;

/**
 * The mean top-1 confidence of the embedded network on photos: a network is the surer, the more
 * photos look like those that it was trained on (Hendrycks and Gimpel, arXiv 1610.02136, whose
 * baseline for telling strange inputs is this maximum).
 *
 * @param files of photos; those that cannot be decoded are left out
 * @param threads of the engine
 * @returns null where none could be decoded
 */
export async function nearnessOf(files: readonly string[], threads: number): Promise<Nearness | null> {
  const backbone = await loadBackbone(await findBackbone("efficientnet-lite0"));
  const { resize, crop: side } = backbone.preprocessing;
  const wanted = { resize, side, maxPixels, background: "white", damaged: "drop" } as const;
  const workplace = { arena: newArena(), room: pixelRoom(maxPixels) };
  prepareSharp();
  const graph = serializeModel(frozenGraph(backbone, "logits"));
  const session = await cpuEngine().load(graph, { threads });
  try {
    const sure: number[] = [];
    for (let from = 0; from < files.length; from += batch) {
      const views: Uint8Array[] = [];
      for (const file of files.slice(from, from + batch)) {
        const read = await pixelsOf({ source: file, augmentation: undefined }, wanted, workplace);
        if ("pixels" in read) views.push(read.pixels);
      }
      if (views.length === 0) continue;
      const data = new Uint8Array(views.length * side * side * 3);
      for (const [i, view] of views.entries()) data.set(view, i * view.length);
      const image = { type: "uint8", dims: [views.length, side, side, 3], data } as const;
      const { features } = await session.run({ image }, ["features"]);
      if (features !== undefined) sure.push(...confidencesIn(features.data as Float32Array, views.length));
    }
    return sure.length === 0 ? null : { confidence: mean(sure), photos: sure.length };
  } finally {
    await session.close();
  }
}

/** The largest probability of each row of logits. */
function confidencesIn(logits: Float32Array, rows: number): number[] {
  const classes = logits.length / rows;
  return Array.from({ length: rows }, (_, row) => {
    const own = logits.subarray(row * classes, (row + 1) * classes);
    const largest = own.reduce((most, each) => Math.max(most, each), -Infinity);
    return 1 / own.reduce((sum, each) => sum + Math.exp(each - largest), 0);
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
