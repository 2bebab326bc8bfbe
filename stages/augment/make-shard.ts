import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { FileDigest } from "../../shared/arrow/digest.ts";
import { copyRows, type RowPlace, type RowPlan } from "../../shared/arrow/held-rows.ts";
import { type Scratch, writeShard } from "../../shared/arrow/shard.ts";
import { unexpected } from "../../shared/errors.ts";
import type { Arena } from "../../shared/image/arena.ts";
import type { Photo } from "../../shared/image/decode.ts";
import { decodeForViews, warpViews } from "../../shared/image/photo-views.ts";
import { viewOf, type ViewConfig } from "../../shared/image/view.ts";
import { inParallel } from "../../shared/parallel.ts";
import { rowBytes } from "./plan.ts";

/** A shard to make, as it is sent to a worker. */
export interface ShardTask {
  readonly photos: readonly string[];
  readonly views: readonly number[];
  /** where each photo lies, relative to `folder`, in the order of `photos` */
  readonly paths: readonly string[];
  readonly folder: string;
  readonly rows: RowPlan;
  /** the folder of finished shards */
  readonly shards: string;
  readonly seed: number;
  readonly config: ViewConfig;
  /** what transparent photos are drawn on */
  readonly background: string;
  /** where to write the shard */
  readonly file: string;
}

/** What was made; `warped` of the shard's rows, the others were copied. */
export interface MadeShard extends FileDigest {
  readonly warped: number;
}

/**
 * Photos on their way at once: while one is warped here, others are read and decoded on libuv's
 * threads.
 */
const ahead = 3;

/**
 * Makes one pixel shard: copies the rows that finished shards hold, decodes each photo that misses
 * some once, and warps it into those.
 *
 * @param memory for the shard's pixels: at least photos × views rows; what it held is overwritten
 * @param arena where the photos are warped
 * @param scratch where shards are read that rows are copied from
 * @param warped called after each photo with the number of its views that were warped
 * @throws PipelineError `data` where a photo is gone, changed or cannot be decoded
 */
export async function makeShard(
  task: ShardTask,
  memory: Uint8Array,
  arena: Arena,
  scratch: Scratch,
  warped: (views: number) => void,
): Promise<MadeShard> {
  const { photos, views, rows, config } = task;
  const side = config.inputSize;
  const viewBytes = photos.length * rowBytes(side);
  const into = views.map((_, i) => memory.subarray(i * viewBytes, (i + 1) * viewBytes));
  const lost = await copyRows(
    rows.copies,
    into,
    photos.length,
    (key) => `${task.shards}/${key}.arrow`,
    scratch,
  );
  const missing = [...rows.missing, ...lost];
  await inParallel([...byPhoto(missing)], ahead, async ([row, positions]) => {
    const photo = await readPhoto(task, row);
    warpRows(task, row, positions, photo, into, arena);
    warped(positions.length);
  });
  const layout = { photos, views, column: "pixels", type: "uint8", shape: [side, side, 3] } as const;
  const digest = await writeShard(task.file, layout, (i) => into[i] as Uint8Array);
  return { ...digest, warped: missing.length };
}

/** Positions of the missing views by the photo's row. */
function byPhoto(missing: readonly RowPlace[]): Map<number, number[]> {
  const views = new Map<number, number[]>();
  for (const { row, view } of missing) {
    const known = views.get(row);
    if (known === undefined) views.set(row, [view]);
    else known.push(view);
  }
  return views;
}

function warpRows(
  { photos, views, seed, config }: ShardTask,
  row: number,
  positions: readonly number[],
  photo: Photo,
  into: readonly Uint8Array[],
  arena: Arena,
): void {
  const bytes = rowBytes(config.inputSize);
  const wanted = positions.map((position) => ({
    view: viewOf(seed, photos[row] as string, views[position] as number, config, photo.original),
    out: (into[position] as Uint8Array).subarray(row * bytes, (row + 1) * bytes),
  }));
  warpViews(photo, wanted, arena);
}

async function readPhoto(
  { photos, paths, folder, config, background }: ShardTask,
  row: number,
): Promise<Photo> {
  const [sha256, name] = [photos[row] as string, paths[row] as string];
  const bytes = await readFile(path.join(folder, name)).catch((cause: unknown) => {
    throw changed(name, (cause as NodeJS.ErrnoException).code ?? String(cause), cause);
  });
  if (createHash("sha256").update(bytes).digest("hex") !== sha256) throw changed(name, "other bytes");
  try {
    // Index has judged these bytes: what is damaged among them shall be taken as far as it goes.
    return await decodeForViews(bytes, { resize: config.resize, background, failOn: "none" });
  } catch (cause) {
    throw unexpected("data", {
      where: "augment",
      expected: "a photo that can be decoded",
      subject: name,
      got: cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause),
      hint: "take the photo away and run npx zx pipeline.ts index again",
      cause,
    });
  }
}

function changed(name: string, got: string, cause?: unknown): Error {
  return unexpected("data", {
    where: "augment",
    expected: "the photo that index saw",
    subject: name,
    got,
    hint: "run npx zx pipeline.ts index again",
    cause,
  });
}
