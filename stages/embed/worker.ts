import { workerData } from "piscina";
import { answering } from "../../shared/pool.ts";
import { copyRows, type RowPlan } from "../../shared/arrow/held-rows.ts";
import { newScratch, readVerifiedShard, writeShard } from "../../shared/arrow/shard.ts";
import type { FileDigest } from "../../shared/arrow/digest.ts";
import type { Session } from "../../shared/engine/engine.ts";
import { engineNamed } from "../../shared/engine/engines.ts";
import { computeRows } from "./activations.ts";

/** What every task of a worker shares. */
export interface WorkerSetup {
  /** the frozen graph, serialised: `image` → `features` [n, features] */
  readonly model: Uint8Array;
  readonly engine: string;
  /** threads within an operator */
  readonly threads: number;
  readonly features: number;
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
  { readonly damaged: true } | ({ readonly damaged: false; readonly computed: number } & FileDigest);

const setup = workerData as WorkerSetup;
const scratch = newScratch();
let loaded: Promise<Session> | undefined;

/** Makes one activation shard: copies the rows that finished shards hold, and computes the others. */
async function embedShard({ photos, views, pixels, rows, file }: EmbedTask): Promise<EmbedAnswer> {
  const into = views.map(() => new Float32Array(photos.length * setup.features));
  const lost = await copyRows(
    rows.copies,
    into,
    photos.length,
    (shard) => `${setup.shards}/${shard}.arrow`,
    scratch,
  );
  const missing = [...rows.missing, ...lost];
  if (missing.length > 0) {
    const source = await readVerifiedShard(pixels.path, pixels.sha256, scratch);
    if (source === null) return { damaged: true };
    loaded ??= engineNamed(setup.engine).then((engine) =>
      engine.load(setup.model, { threads: setup.threads }),
    );
    await computeRows(await loaded, source, missing, into, setup.batch);
  }
  const layout = { photos, views, column: "activations", type: "float32", shape: [setup.features] } as const;
  const digest = await writeShard(file, layout, (i) => into[i] as Float32Array);
  return { damaged: false, computed: missing.length, ...digest };
}

export default answering(embedShard);
