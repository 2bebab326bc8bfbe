import { createHash } from "node:crypto";
import { open, rm } from "node:fs/promises";
import {
  Field,
  Int32,
  RecordBatchFileReader,
  RecordBatchReader,
  Schema,
  Utf8,
  type RecordBatch,
} from "apache-arrow";
import { ignoring } from "../artifacts/store.ts";
import { unexpected } from "../errors.ts";
import { int32Column, recordBatch, utf8Column } from "./columns.ts";
import { digestOf, type FileDigest } from "./digest.ts";
import { createArrowFile, openArrowFile } from "./file.ts";
import {
  tensorColumn,
  tensorField,
  tensorRows,
  tensorOf,
  type TensorRows,
  type TensorType,
} from "./tensor.ts";

/** What a shard's rows are: one for each photo and view, (the photo's sha256, the view's number, the data). */
export interface ShardLayout {
  /** sha256 of each photo, in row order within a view */
  readonly photos: readonly string[];
  /** numbers of the views, one record batch each, in this order */
  readonly views: readonly number[];
  readonly column: "pixels" | "activations";
  readonly type: TensorType;
  /** of one row */
  readonly shape: readonly number[];
}

/** A shard that is being read, a view at a time. */
export interface Shard extends ShardLayout {
  /** The rows of the i-th view (not: of view number i), contiguous: photos.length × product(shape) numbers. */
  view(i: number): Promise<TensorRows>;
  close(): Promise<void>;
}

/**
 * Writes a shard, view by view, so that memory holds one view of it. What is half written when something fails is removed.
 *
 * @param rowsOfView the rows of the i-th view, contiguous, in photo order; called in turn, the array free again after it
 */
export async function writeShard(
  path: string,
  layout: ShardLayout,
  rowsOfView: (i: number) => TensorRows | Promise<TensorRows>,
): Promise<FileDigest> {
  const { photos, views, column, type, shape } = layout;
  const tensor = tensorField(column, shape, type);
  const schema = new Schema(
    [new Field("sha256", new Utf8()), new Field("view", new Int32()), tensor],
    new Map([
      ["photos", JSON.stringify(photos)],
      ["views", JSON.stringify(views)],
    ]),
  );
  const sha256 = utf8Column(photos);
  const file = createArrowFile(path, schema);
  try {
    for (const [i, view] of views.entries()) {
      const rows = tensorColumn(tensor, await rowsOfView(i), photos.length);
      const number = int32Column(new Int32Array(photos.length).fill(view));
      file.append(recordBatch(schema, [sha256, number, rows]));
    }
    return file.finish();
  } catch (error) {
    file.abandon();
    await rm(path, { force: true });
    throw error;
  }
}

/**
 * Opens a shard. Its photos and views come from the schema's metadata, so that no data is read before a view is asked for.
 *
 * @throws PipelineError `artifact` where the file is not a whole shard
 */
export async function openShard(path: string): Promise<Shard> {
  const file = await openArrowFile(path);
  try {
    return shardOf(
      path,
      file.schema,
      (i) => file.batch(i),
      () => file.close(),
    );
  } catch (error) {
    await file.close();
    throw error;
  }
}

function shardOf(
  path: string,
  { metadata, fields }: Schema,
  batch: (i: number) => Promise<RecordBatch>,
  close: () => Promise<void> = () => Promise.resolve(),
): Shard {
  const tensor = fields[2];
  const [photos, views] = [metadata.get("photos"), metadata.get("views")];
  if (tensor === undefined || photos === undefined || views === undefined)
    throw unexpected("artifact", {
      where: "shard",
      expected: "photos, views and a tensor",
      subject: path,
      got: `columns ${fields.map(({ name }) => name).join(", ")}`,
    });
  return {
    photos: JSON.parse(photos) as string[],
    views: JSON.parse(views) as number[],
    column: tensor.name as ShardLayout["column"],
    ...tensorOf(tensor),
    view: async (i) => tensorRows(await batch(i), tensor.name),
    close,
  };
}

/** Memory that one reader of shards uses again and again: the system clears new memory, page by page. */
export interface Scratch {
  room(bytes: number): Uint8Array;
}

export function newScratch(): Scratch {
  let memory = new Uint8Array(0);
  return {
    room(bytes) {
      if (memory.length < bytes) memory = new Uint8Array(bytes);
      return memory.subarray(0, bytes);
    },
  };
}

/**
 * A finished shard, read whole and once: its digest is taken of the bytes that its views then lie in.
 *
 * @param scratch where its bytes and views lie, until the next shard is read there
 * @returns null where the file is gone, or its bytes are not those of this sha256
 */
export async function readVerifiedShard(
  path: string,
  sha256: string,
  scratch: Scratch,
): Promise<Shard | null> {
  const bytes = await wholeFile(path, scratch).catch(ignoring("ENOENT", null));
  if (bytes === null || createHash("sha256").update(bytes).digest("hex") !== sha256) return null;
  const reader = RecordBatchReader.from(bytes);
  if (!(reader instanceof RecordBatchFileReader)) return null;
  reader.open();
  return shardOf(path, reader.schema, (i) => {
    const batch = reader.readRecordBatch(i);
    return batch === null ? Promise.reject(noView(path, i)) : Promise.resolve(batch);
  });
}

/** In one read: `readFile` takes a shard in a hundred pieces. */
async function wholeFile(path: string, scratch: Scratch): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const bytes = scratch.room(size);
    let done = 0;
    while (done < size) {
      const { bytesRead } = await file.read(bytes, done, size - done, done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return bytes.subarray(0, done);
  } finally {
    await file.close();
  }
}

function noView(path: string, i: number): Error {
  return new RangeError(`shard: expected a view at ${i} for "${path}" but got none`);
}

/** Whether the file is there and has this sha256. Reads all of it, 16 MiB of it in memory. */
export async function verifyFile(path: string, sha256: string): Promise<boolean> {
  try {
    return (await digestOf(path)).sha256 === sha256;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
