import { workerData } from "piscina";
import { answering } from "../../shared/pool.ts";
import { copyRows, type RowPlan, viewsOfPlan } from "../../shared/arrow/held-rows.ts";
import { newScratch, readVerifiedShard, writeShard } from "../../shared/arrow/shard.ts";
import type { FileDigest } from "../../shared/arrow/digest.ts";
import type { ComputeDevice, Session } from "../../shared/engine/engine.ts";
import { engineNamed } from "../../shared/engine/engines.ts";
import { shrinkingBatch } from "../../shared/engine/out-of-memory.ts";
import { computeRows } from "./activations.ts";

/** What every task of a worker shares. */
export interface WorkerSetup {
  /** the frozen graph, serialised: `image` → `features` [n, features] */
  readonly model: Uint8Array;
  readonly engine: string;
  readonly device: ComputeDevice;
  /** threads within an operator */
  readonly threads: number;
  /** of one row */
  readonly shape: readonly number[];
  readonly batch: number;
  /** the folder of finished activation shards */
  readonly shards: string;
}

export interface EmbedTask {
  readonly photos: readonly string[];
  readonly views: readonly number[];
  readonly pixels: { readonly path: string; readonly sha256: string };
  readonly rows: RowPlan;
  /** where to write the shard */
  readonly file: string;
}

/** `damaged`: the pixels are not the bytes that their record tells of, and nothing was written. */
export type EmbedAnswer =
  | { readonly damaged: true }
  | ({
      readonly damaged: false;
      readonly computed: number;
      /** views at once, in the end */
      readonly batch: number;
    } & FileDigest);

const setup = workerData as WorkerSetup;
const scratch = newScratch();
let loaded: Promise<Session> | undefined;
let batchNow = setup.batch;
const batch = shrinkingBatch(setup.batch, (rows) => (batchNow = rows));

/** Bytes of rows that are in memory together: all views of a shard of vectors, one of a shard of large maps. */
const most = 128 << 20;

/** Makes one activation shard: copies the rows that finished shards hold, and computes the others. */
async function embedShard({ photos, views, pixels, rows, file }: EmbedTask): Promise<EmbedAnswer> {
  const { shape } = setup;
  const rowLength = shape.reduce((product, length) => product * length, 1);
  const together = Math.max(1, Math.floor(most / (4 * rowLength * photos.length)));
  let into: Float32Array[] = [];
  let computed = 0;
  const fill = async (first: number) => {
    into = views.slice(first, first + together).map(() => new Float32Array(photos.length * rowLength));
    computed += await fillViews(viewsOfPlan(rows, first, into.length), into, photos.length, pixels, first);
  };
  const layout = { photos, views, column: "activations", type: "float32", shape } as const;
  try {
    const digest = await writeShard(file, layout, async (i) => {
      if (i % together === 0) await fill(i);
      return into[i % together] as Float32Array;
    });
    return { damaged: false, computed, batch: batchNow, ...digest };
  } catch (error) {
    if (error instanceof DamagedPixels) return { damaged: true };
    throw error;
  }
}

class DamagedPixels extends Error {}

/** Fills the rows of some views, one after another in the shard; returns how many had to be computed. */
async function fillViews(
  { copies, missing }: RowPlan,
  into: readonly Float32Array[],
  photos: number,
  pixels: EmbedTask["pixels"],
  first: number,
): Promise<number> {
  const lost = await copyRows(copies, into, photos, (shard) => `${setup.shards}/${shard}.arrow`, scratch);
  const wanted = [...missing, ...lost];
  if (wanted.length === 0) return 0;
  const source = await readVerifiedShard(pixels.path, pixels.sha256, scratch);
  if (source === null) throw new DamagedPixels();
  loaded ??= engineNamed(setup.engine, setup.device).then((engine) =>
    engine.load(setup.model, { threads: setup.threads }),
  );
  await computeRows(await loaded, source, wanted, into, first, batch);
  return wanted.length;
}

export default answering(embedShard);
