import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import path from "node:path";
import { z } from "zod";

/** What a file system says of a file without reading it; equal stamps, equal bytes (but see `settled`). */
export interface Stamp {
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly ino: bigint;
}

/** Digests of files by path and stamp: a file that did not change is not read again. */
export interface StatCache {
  get(name: string, stamp: Stamp): string | undefined;
  /** @param readAt when the reading began, in ms since 1970 */
  set(name: string, stamp: Stamp, sha256: string, readAt: number): void;
  /** Writes the entries of `names` to the disk if any is new, forgetting all others. */
  save(names: readonly string[]): Promise<void>;
}

const entries = z.record(z.string(), z.tuple([z.string(), z.string()]));

/** Opens the cache at `file`. One that is not there or is damaged is an empty one. */
export async function openStatCache(file: string): Promise<StatCache> {
  const known = new Map(Object.entries(await readEntries(file)));
  let changed = false;
  return {
    get(name, stamp) {
      const entry = known.get(name);
      return entry?.[0] === textOf(stamp) ? entry[1] : undefined;
    },
    set(name, stamp, sha256, readAt) {
      changed = true;
      if (settled(stamp, readAt)) known.set(name, [textOf(stamp), sha256]);
      else known.delete(name);
    },
    async save(names) {
      if (!changed) return;
      const kept = names.flatMap((name) => {
        const entry = known.get(name);
        return entry === undefined ? [] : [[name, entry] as const];
      });
      await writeWhole(file, JSON.stringify(Object.fromEntries(kept)));
      changed = false;
    },
  };
}

const settlingMs = 2000;

/**
 * Whether a change after the reading would have shown in the stamp. A file changed just before it was read may change
 * again within the same tick of a coarse clock, which leaves the stamp as it was (git's "racily clean" entries).
 */
function settled({ mtimeNs, ctimeNs }: Stamp, readAt: number): boolean {
  const changedAt = Number((mtimeNs > ctimeNs ? mtimeNs : ctimeNs) / 1_000_000n);
  return readAt - changedAt >= settlingMs;
}

function textOf({ size, mtimeNs, ctimeNs, ino }: Stamp): string {
  return `${size} ${mtimeNs} ${ctimeNs} ${ino}`;
}

async function readEntries(file: string): Promise<Record<string, [string, string]>> {
  try {
    return entries.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return {};
  }
}

async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const fresh = `${file}.${randomUUID()}`;
  await writeFile(fresh, text);
  await rename(fresh, file);
}
