import { randomUUID } from "node:crypto";
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { codeOf, ignoring } from "../artifacts/store.ts";
import { PipelineError, unexpected } from "../errors.ts";
import { isRunning } from "../running.ts";

/** A file of the cache, and the sha256 that is recorded for its bytes. */
export interface KeptFile {
  readonly path: string;
  readonly sha256: string;
}

/**
 * Finds a kept file by its record, `<file>.sha256`, which reads as `sha256sum` writes it. Its bytes
 * are not read.
 *
 * @returns null where the file or its record is not there
 */
export async function findKept(file: string): Promise<KeptFile | null> {
  const sha256 = await recordOf(file);
  const there = await access(file).then(
    () => true,
    () => false,
  );
  return there && sha256 !== null ? { path: file, sha256 } : null;
}

/** The digest that a file of this name must have, whether it is there or not. */
export async function recordOf(file: string): Promise<string | null> {
  const text = await readFile(recordName(file), "utf8").catch((error: unknown) => {
    if (["ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "")) return "";
    throw error;
  });
  return /^[0-9a-f]{64}(?=\s)/.exec(text)?.[0] ?? null;
}

/**
 * Makes a file of the cache, whole or not at all, and records its digest.
 *
 * @param make writes the file `bytes` of the folder that it is given, and returns the sha256 of what it wrote. Where it
 *   fails, what it left in the folder is there for the next call, in this process or another.
 * @throws PipelineError `engine` where nothing can be written there
 */
export async function makeKept(file: string, make: (work: string) => Promise<string>): Promise<KeptFile> {
  let work = null;
  try {
    work = await takeWork(file);
    const sha256 = await make(work);
    await writeFile(path.join(work, "record"), `${sha256}  ${path.basename(file)}\n`);
    await rename(path.join(work, "record"), recordName(file));
    await rename(path.join(work, "bytes"), file);
    await rm(work, { recursive: true });
    return { path: file, sha256 };
  } catch (error) {
    if (work !== null) await leaveWork(work, file);
    throw error instanceof PipelineError || codeOf(error) === undefined ? error : unwritable(file, error);
  }
}

function recordName(file: string): string {
  return `${file}.sha256`;
}

/**
 * A folder of this call's own beside the file: one that was left or whose process is no more, else
 * a new one.
 */
async function takeWork(file: string): Promise<string> {
  const { dir, base } = path.parse(file);
  await mkdir(dir, { recursive: true });
  const own = `${file}.${hostname()}.${process.pid}.${randomUUID()}.partial`;
  for (const name of await readdir(dir)) {
    if (!name.startsWith(`${base}.`) || !isAbandoned(name.slice(base.length))) continue;
    // Another process may be faster.
    const taken = await rename(path.join(dir, name), own).then(() => true, ignoring("ENOENT", false));
    if (taken) return own;
  }
  await mkdir(own);
  return own;
}

/** @param ending of the folder's name, behind the file's */
function isAbandoned(ending: string): boolean {
  if (ending === leftEnding) return true;
  const [, host, id] = /^\.(.+)\.(\d+)\.[0-9a-f-]{36}\.partial$/.exec(ending) ?? [];
  return host === hostname() && !isRunning(Number(id));
}

const leftEnding = ".partial";

/** Of two works on one file the first that was left stays. */
async function leaveWork(work: string, file: string): Promise<void> {
  const names = await readdir(work).catch(ignoring("ENOENT", []));
  const free = await readdir(file + leftEnding).then(() => false, ignoring("ENOENT", true));
  if (names.length > 0 && free) await rename(work, file + leftEnding);
  else await rm(work, { recursive: true, force: true });
}

function unwritable(file: string, cause: unknown) {
  return unexpected("engine", {
    where: "backbone",
    expected: "a cache folder that can be written, with room",
    subject: path.dirname(file),
    got: cause instanceof Error ? cause.message : String(cause),
    hint: "XDG_CACHE_HOME (on Windows LOCALAPPDATA) names another place",
    cause,
  });
}
