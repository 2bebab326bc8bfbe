import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { codeOf, ignoring } from "./store.ts";

/** The one thing that changes: which result of each stage a named run stands on. */
export interface Refs {
  runs(): Promise<string[]>;
  read(run: string, stage: string): Promise<string | null>;
  /**
   * Moves a ref from `before` to `after` (null: to nothing); false where someone else moved it
   * meanwhile.
   */
  compareAndSwap(run: string, stage: string, before: string | null, after: string | null): Promise<boolean>;
}

/**
 * Refs as files `runs/<run>/refs/<stage>/<number>`, the highest number counting. A move is the
 * creation of the next number, which a file system grants to one process only: no lock that a
 * killed process could leave behind. An empty file is a ref to nothing.
 */
export function folderRefs(root: string): Refs {
  const folderOf = (run: string, stage: string) => path.join(root, "runs", run, "refs", stage);

  async function newest(folder: string): Promise<{ number: number; key: string | null } | null> {
    const names = await readdir(folder).catch(ignoring("ENOENT", []));
    const numbers = names.filter((name) => /^\d+$/.test(name)).map(Number);
    if (numbers.length === 0) return null;
    const number = Math.max(...numbers);
    try {
      const key = await readFile(path.join(folder, String(number)), "utf8");
      return { number, key: key === "" ? null : key };
    } catch (error) {
      // A newer one came and this one was cleared away between the two reads.
      if (codeOf(error) === "ENOENT") return newest(folder);
      throw error;
    }
  }

  return {
    async runs() {
      return (await readdir(path.join(root, "runs")).catch(ignoring("ENOENT", []))).sort();
    },
    async read(run, stage) {
      return (await newest(folderOf(run, stage)))?.key ?? null;
    },
    async compareAndSwap(run, stage, before, after) {
      const folder = folderOf(run, stage);
      await mkdir(folder, { recursive: true });
      const current = await newest(folder);
      if ((current?.key ?? null) !== before) return false;
      const number = (current?.number ?? 0) + 1;
      const written = path.join(folder, `.${randomUUID()}`);
      await writeFile(written, after ?? "", { flush: true });
      const moved = await link(written, path.join(folder, String(number))).then(() => true, ignoring("EEXIST", false));
      await rm(written);
      if (moved && current !== null) await rm(path.join(folder, String(current.number)), { force: true });
      return moved;
    },
  };
}
