import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import path from "node:path";

/** What a file system says of a file without reading it; equal stamps, equal bytes (but see `settled`). */
interface Stamp {
  /** bytes */
  readonly size: number;
  /** when its bytes last changed, or are said to have, in ms since 1970 */
  readonly mtimeMs: number;
  /** when anything of it last changed */
  readonly ctimeMs: number;
  readonly ino: number;
}

/** Digests of files by path and stamp: a file that did not change is not read again. */
export interface StatCache {
  get(name: string, stamp: Stamp): string | undefined;
  /** @param readAt when the reading began, in ms since 1970 */
  set(name: string, stamp: Stamp, sha256: string, readAt: number): void;
  /** Writes the entries of `names` to the disk if any is new, forgetting all others. */
  save(names: readonly string[]): Promise<void>;
}

/** size, mtimeMs, ctimeMs, ino, sha256 */
type Entry = readonly [number, number, number, number, string];

/** Opens the cache at `file`. One that is not there or is damaged is an empty one. */
export async function openStatCache(file: string): Promise<StatCache> {
  const known = await readEntries(file);
  let changed = false;
  return {
    get(name, stamp) {
      const entry = known.get(name);
      return entry !== undefined && isOf(stamp, entry) ? entry[4] : undefined;
    },
    set(name, stamp, sha256, readAt) {
      changed = true;
      if (settled(stamp, readAt)) known.set(name, entryOf(stamp, sha256));
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
function settled({ mtimeMs, ctimeMs }: Stamp, readAt: number): boolean {
  return readAt - Math.max(mtimeMs, ctimeMs) >= settlingMs;
}

function entryOf({ size, mtimeMs, ctimeMs, ino }: Stamp, sha256: string): Entry {
  return [size, mtimeMs, ctimeMs, ino, sha256];
}

function isOf(stamp: Stamp, entry: Entry): boolean {
  return (
    stamp.size === entry[0] &&
    stamp.mtimeMs === entry[1] &&
    stamp.ctimeMs === entry[2] &&
    stamp.ino === entry[3]
  );
}

async function readEntries(file: string): Promise<Map<string, Entry>> {
  try {
    const entries: unknown = JSON.parse(await readFile(file, "utf8"));
    // Their fields are not checked one by one, as there may be very many: a strange entry matches no stamp.
    const listed = Object.entries(entries as Record<string, Entry>).filter(([, entry]) =>
      Array.isArray(entry),
    );
    return new Map(listed);
  } catch {
    return new Map();
  }
}

async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const fresh = `${file}.${randomUUID()}`;
  await writeFile(fresh, text);
  await rename(fresh, file);
}
