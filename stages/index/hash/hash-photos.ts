import { createHash } from "node:crypto";
import { createReadStream, stat, type Stats } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { PipelineError } from "../../../shared/errors.ts";
import { inParallel } from "../../../shared/parallel.ts";
import { openStatCache, type StatCache } from "./stat-cache.ts";

/** A file's digest, or why there is none. */
export type Hashed =
  { readonly sha256: string; readonly bytes: number } | { readonly sha256: null; readonly problem: string };

/**
 * The sha256 of files' bytes, in order. Files that the stat cache knows are not read.
 *
 * @param root the folder that the paths are relative to
 * @param cache a folder for the stat cache
 * @throws PipelineError `interrupted` once the signal is aborted; what was hashed until then is kept
 */
export async function hashPhotos(
  root: string,
  paths: readonly string[],
  cache: string,
  signal?: AbortSignal,
): Promise<Hashed[]> {
  const place = createHash("sha256").update(root).digest("hex").slice(0, 16);
  const known = await openStatCache(path.join(cache, `stat-${place}.json`));
  try {
    return await inParallel(paths, lanes, (name) => {
      if (signal?.aborted === true) throw new PipelineError("interrupted", "index: interrupted");
      return hashPhoto(root, name, known);
    });
  } finally {
    await known.save(paths);
  }
}

/** Files looked at at once: libuv's four threads are kept busy, and a slow network disk is waited for side by side. */
const lanes = 8;

/** A larger file is set aside unread: no photo, and more than memory should hold. */
const mostBytes = 512 * 1024 * 1024;

/** Half the processor time of node:fs/promises' own, which counts with ten thousands of files. */
const statOf = promisify(stat);

/** A larger file is hashed as a stream, so that memory does not hold it. */
const streamedFrom = 32 * 1024 * 1024;

async function hashPhoto(root: string, name: string, known: StatCache): Promise<Hashed> {
  const file = path.resolve(root, name);
  const readAt = Date.now();
  try {
    const stamp = await statOf(file);
    const problem = problemOf(stamp);
    if (problem !== null) return { sha256: null, problem };
    const before = known.get(name, stamp);
    const sha256 = before ?? (await digestOf(file, stamp));
    if (before === undefined) known.set(name, stamp, sha256, readAt);
    return { sha256, bytes: stamp.size };
  } catch (error) {
    return { sha256: null, problem: reasonOf(error) };
  }
}

function problemOf(stamp: Stats): string | null {
  if (!stamp.isFile()) return "not a file";
  if (stamp.size > mostBytes) return `oversized: ${stamp.size} bytes`;
  return stamp.size === 0 ? "empty" : null;
}

async function digestOf(file: string, { size }: Stats): Promise<string> {
  const hash = createHash("sha256");
  if (size < streamedFrom) hash.update(await readFile(file));
  else await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest("hex");
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error && "code" in error)) throw error;
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return "missing";
  return `unreadable: ${String(error.code)}`;
}
