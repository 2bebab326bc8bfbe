import { open, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { ReadableStream } from "node:stream/web";
import { z } from "zod";
import { ignoring } from "../artifacts/store.ts";
import { PipelineError, unexpected } from "../errors.ts";
import type { Bar, Progress } from "../progress.ts";

/** What is fetched. */
interface Wanted {
  readonly url: string;
  /** for messages: "resnet50's weights" */
  readonly what: string;
  /** what a user can do instead */
  readonly hint: string;
}

/** How fetching is reported and ended. */
export interface Fetching {
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * Fetches a file into a folder, where it goes on with what an earlier call left there (HTTP Range
 * and If-Range, RFC 9110 sections 13.1.5 and 14). A connection that is cut is opened again as long
 * as each one leaves more of the file here.
 *
 * @returns the file's place: `bytes` in the folder, where after an error its beginning lies
 * @throws PipelineError `engine` where the address gives no file; `interrupted`
 */
export async function download(folder: string, wanted: Wanted, fetching: Fetching): Promise<string> {
  const file = path.join(folder, "bytes");
  let part = await partIn(folder, file);
  while (part === null || part.from !== part.total) {
    try {
      await transfer(folder, file, part, wanted, fetching);
      break;
    } catch (error) {
      if (fetching.signal.aborted)
        throw new PipelineError("interrupted", "backbone: interrupted", { cause: error });
      if (!(error instanceof Cut)) throw error;
      const before = part?.from ?? 0;
      part = await partIn(folder, file);
      if (part === null || part.from <= before) throw unavailable(wanted, error.message, error);
      fetching.progress.line(`the connection was cut: ${error.message}`);
    }
  }
  return file;
}

/** A connection that ended before the file did, or that there never was. */
class Cut extends Error {
  /**
   * @param error of fetch, which says "fetch failed" or "terminated" and has the reason in its
   * cause
   */
  constructor(error: unknown) {
    const { message, cause } = error as Error & { cause?: NodeJS.ErrnoException };
    super([cause?.message, cause?.code, message].find(Boolean), { cause: error });
  }
}

async function transfer(
  folder: string,
  file: string,
  part: Part | null,
  wanted: Wanted,
  { progress, signal }: Fetching,
): Promise<void> {
  const response = await answered(part, wanted.url, signal);
  const resumed = part !== null && response.status === 206;
  const refusal = refusalIn(response, resumed ? part.from : 0);
  if (refusal !== null) {
    await response.body?.cancel();
    throw unavailable(wanted, refusal);
  }
  const { from, total } = resumed ? part : await begun(folder, file, response);
  const amount = total === null ? "of unknown size" : megabytes(total);
  const here = from === 0 ? "" : ` (${megabytes(from)} of them here already)`;
  progress.line(`fetching ${wanted.what}, ${amount}${here}, from ${wanted.url}`);
  const bar = progress.bar(wanted.what, wholeMegabytes(total ?? from), "MB");
  const size = await receive(response, file, from, bar);
  if (total !== null && size !== total) throw new Cut(new Error(`${size} of ${total} bytes came`));
}

const description = z.object({
  /** the server's ETag or Last-Modified: another one, another file */
  validator: z.string(),
  /** bytes, where the server said it */
  total: z.int().nullable(),
});

/** The beginning of a file, and what the server said of the file when it came. */
interface Part extends z.infer<typeof description> {
  /** bytes that are here */
  readonly from: number;
}

async function partIn(folder: string, file: string): Promise<Part | null> {
  const from = await stat(file).then(({ size }) => size, ignoring("ENOENT", 0));
  if (from === 0) return null;
  const text = await readFile(descriptionIn(folder), "utf8").catch(ignoring("ENOENT", ""));
  try {
    const part = { ...description.parse(JSON.parse(text)), from };
    return from <= (part.total ?? from) ? part : null;
  } catch {
    return null;
  }
}

/**
 * Says, before its first byte is here, which file it is. One without a validator cannot be gone on
 * with.
 */
async function begun(
  folder: string,
  file: string,
  { headers }: Response,
): Promise<{ from: number; total: number | null }> {
  const length = headers.get("content-length");
  const total = length === null ? null : Number(length);
  const validator = headers.get("etag") ?? headers.get("last-modified");
  // First, so that no bytes of another file are ever described as this one's.
  await rm(file, { force: true });
  await writeFile(descriptionIn(folder), JSON.stringify({ validator, total }));
  return { from: 0, total };
}

function descriptionIn(folder: string): string {
  return path.join(folder, "description.json");
}

async function answered(part: Part | null, url: string, signal: AbortSignal): Promise<Response> {
  const range = part === null ? {} : { range: `bytes=${part.from}-`, "if-range": part.validator };
  try {
    return await fetch(url, { headers: { "accept-encoding": "identity", ...range }, signal });
  } catch (error) {
    throw new Cut(error);
  }
}

/** What the server answered instead of the bytes from `from` on. */
function refusalIn({ status, statusText, headers }: Response, from: number): string | null {
  const range = headers.get("content-range") ?? "without a range";
  if (from === 0) return status === 200 ? null : `HTTP ${status} ${statusText}`.trim();
  return range.startsWith(`bytes ${from}-`) ? null : `HTTP ${status} ${range}`;
}

/**
 * Writes what comes behind the first `from` bytes of the file.
 *
 * @returns bytes of the file that are here now
 */
async function receive({ body }: Response, file: string, from: number, bar: Bar): Promise<number> {
  const reader = (body as ReadableStream<Uint8Array> | null)?.getReader();
  if (reader === undefined) throw new Cut(new Error("an empty answer"));
  const out = await open(file, from === 0 ? "w" : "a");
  let at = from;
  try {
    bar.advance(wholeMegabytes(from));
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw new Cut(error);
      });
      if (done) return at;
      await out.writeFile(value);
      bar.advance(wholeMegabytes(at + value.length) - wholeMegabytes(at));
      at += value.length;
    }
  } finally {
    bar.done();
    await out.close();
    // Fails with the reason for which reading failed.
    await reader.cancel().catch(() => undefined);
  }
}

function unavailable({ what, url, hint }: Wanted, got: string, cause?: unknown) {
  return unexpected("engine", { where: "backbone", expected: what, subject: url, got, hint, cause });
}

function wholeMegabytes(bytes: number): number {
  return Math.floor(bytes / 1e6);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
