import { type Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { codeOf } from "../../shared/artifacts/store.ts";
import { byCodePoint } from "../../shared/code-points.ts";
import { isJunkName } from "../../shared/junk-files.ts";

/** A file below a folder. */
interface ListedFile {
  /** its path from the folder, with forward slashes */
  readonly path: string;
  /** why nobody needs to try to open it */
  readonly unreadable?: string;
}

/** Paths of what gets no row, from the folder. */
export interface LeftOut {
  /** files and folders whose names start with a dot */
  readonly hidden: readonly string[];
  /** files and folders that a system, a file server or an editor left there */
  readonly junk: readonly string[];
  /** folders that may not be looked into, and why */
  readonly closed: readonly { readonly path: string; readonly reason: string }[];
  /** links to a folder in which they lie themselves */
  readonly loops: readonly string[];
}

export interface Listing {
  readonly files: readonly ListedFile[];
  readonly leftOut: LeftOut;
}

/**
 * All files below a folder, whatever their names end in, sorted; a folder's own come before those
 * of its folders. Links are followed.
 *
 * @throws what Node throws where the folder itself cannot be read
 */
export async function filesBelow(root: string): Promise<Listing> {
  const files: ListedFile[] = [];
  const [hidden, junk, loops]: [string[], string[], string[]] = [[], [], []];
  const closed: { path: string; reason: string }[] = [];

  const walk = async (relative: string, above: readonly string[]): Promise<void> => {
    const folder = path.join(root, relative);
    const here = await realpath(folder);
    if (above.includes(here)) {
      loops.push(relative);
      return;
    }
    const folders: string[] = [];
    for (const entry of await sortedEntries(folder)) {
      const own = path.posix.join(relative, entry.name);
      if (isJunkName(entry.name)) junk.push(own);
      else if (entry.name.startsWith(".")) hidden.push(own);
      else {
        const kind = await kindOf(folder, entry);
        if (kind === "folder") folders.push(own);
        else files.push(kind === "file" ? { path: own } : { path: own, unreadable: kind.unreadable });
      }
    }
    for (const own of folders)
      await walk(own, [...above, here]).catch(async (error: unknown) => {
        if (codeOf(error) === undefined) throw error;
        const reason = (await isMisread(root, own)) ? notUtf8 : inWords(error);
        closed.push({ path: own, reason });
      });
  };

  await walk("", []);
  return { files, leftOut: { hidden, junk, closed, loops } };
}

async function sortedEntries(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.sort((a, b) => byCodePoint(a.name, b.name));
}

type Kind = "folder" | "file" | { readonly unreadable: string };

async function kindOf(folder: string, entry: Dirent): Promise<Kind> {
  if (entry.isDirectory()) return "folder";
  if (entry.isFile()) return (await isMisread(folder, entry.name)) ? { unreadable: notUtf8 } : "file";
  if (!entry.isSymbolicLink()) return { unreadable: "a pipe, socket or device" };
  try {
    const target = await stat(path.join(folder, entry.name));
    if (target.isDirectory()) return "folder";
    return target.isFile() ? "file" : { unreadable: "a link to a pipe, socket or device" };
  } catch (error) {
    const leads = { ENOENT: "nowhere", ELOOP: "in a circle" }[codeOf(error) ?? ""];
    return { unreadable: leads === undefined ? inWords(error) : `a link that leads ${leads}` };
  }
}

const notUtf8 = "its name is not UTF-8: rename it";

/** Node puts U+FFFD for what is not UTF-8 in a name, and then finds no such file. */
async function isMisread(folder: string, name: string): Promise<boolean> {
  if (!name.includes("\ufffd")) return false;
  return stat(path.join(folder, name)).then(
    () => false,
    (error: unknown) => codeOf(error) === "ENOENT",
  );
}

/** Why a file or folder cannot be opened, in a few words. */
export function inWords(error: unknown): string {
  const code = codeOf(error) ?? "";
  const words: Readonly<Record<string, string>> = {
    ENOENT: "no such file or folder",
    ENOTDIR: "no such file or folder",
    EACCES: "this user may not read it (EACCES)",
    EPERM: "this user may not read it (EPERM)",
  };
  return words[code] ?? (error instanceof Error ? error.message : String(error));
}
