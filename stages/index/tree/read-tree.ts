import type { Dirent } from "node:fs";
import { open, readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { byCodePoint } from "../../../shared/code-points.ts";
import { startsAsPhoto } from "../../../shared/image/signature.ts";
import { isJunkName } from "../../../shared/junk-files.ts";
import { type FileKind, kindByName, packedKind, rawKind } from "./file-kinds.ts";
import type { Folder } from "./folder.ts";
import type { LeftOut } from "./left-out.ts";

/** All that lies below a folder: what may be used, and what is left out. */
export interface Tree {
  /** absolute */
  readonly root: string;
  readonly top: Folder;
  readonly leftOut: readonly LeftOut[];
}

/**
 * Reads a folder and all below. Links are followed, but not back up.
 *
 * @param root absolute
 * @param artifacts a folder of results, absolute: it changes while it is made, and is passed over
 */
export async function readTree(root: string, artifacts = ""): Promise<Tree> {
  const leftOut: LeftOut[] = [];
  const top = await readFolder({ root, artifacts, place: "", name: "", above: [], leftOut });
  if (top === null) throw new Error("the root is read, or an error says why not");
  return { root, top, leftOut };
}

interface Walk {
  readonly root: string;
  readonly artifacts: string;
  readonly place: string;
  readonly name: string;
  /** real paths of the folders above, where a link can lead back to */
  readonly above: readonly string[];
  readonly leftOut: LeftOut[];
}

/** Null where it may not be looked into, which is said then; the root's error is thrown. */
async function readFolder({ root, artifacts, place, name, above, leftOut }: Walk): Promise<Folder | null> {
  const folder = path.join(root, place);
  const entries = await entriesOf(folder).catch((error: unknown) => {
    if (place === "" || !isRefusal(error)) throw error;
    leftOut.push({ path: place, kind: "folders that cannot be read", hint: error.code });
    return null;
  });
  if (entries === null) return null;
  const here = await realpath(folder).catch(() => folder);
  const folders: Folder[] = [];
  const photos: string[] = [];
  const tables: string[] = [];
  for (const entry of entries) {
    const below = path.posix.join(place, entry.name);
    const skip = (kind: string, hint = "") => void leftOut.push({ path: below, kind, hint });
    if (entry.name.includes("\ufffd"))
      skip("names that are not UTF-8", "rename them (convmv -f latin1 -t utf8 renames many)");
    else if (isJunkName(entry.name)) skip("left by systems, servers and editors");
    else if (entry.name.startsWith(".")) skip("hidden");
    else if (await isFolder(folder, entry)) {
      if (entry.isSymbolicLink() && [...above, here].includes(await realpath(path.join(folder, entry.name))))
        skip("links back up");
      else {
        if (path.join(root, below) === artifacts) continue;
        const inside = { root, artifacts, place: below, name: entry.name, above: [...above, here], leftOut };
        const read = await readFolder(inside);
        if (read !== null) folders.push(read);
      }
    } else {
      const kind = kindByName(entry.name);
      if (kind.is === "table") tables.push(entry.name);
      else if (kind.is === "photo" || (!isRaw(kind) && (await isPhoto(folder, entry))))
        photos.push(entry.name);
      else if (kind.is === "other")
        skip(kind.kind, kind.kind === packedKind && isUnpacked(entry.name, folders) ? "" : kind.hint);
      else skip("files that are no photos");
    }
  }
  return {
    name,
    path: place,
    folders: folders.sort((a, b) => byCodePoint(a.name, b.name)),
    photos: photos.sort(byCodePoint),
    tables: tables.sort(byCodePoint),
    count: folders.reduce((sum, each) => sum + each.count, photos.length),
  };
}

/**
 * Whether a folder of a packed file's name, with photos, was read before it: train/ before
 * train.zip.
 */
function isUnpacked(name: string, beside: readonly Folder[]): boolean {
  const stem = name.replace(/(\.tar)?\.[^.]+$/, "");
  return beside.some((each) => each.name === stem && each.count > 0);
}

/** In sorted order, so that what is said of them is always the same. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.sort((a, b) => byCodePoint(a.name, b.name));
}

function isRefusal(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  return error instanceof Error && "code" in error && ["EACCES", "EPERM", "EIO"].includes(String(error.code));
}

async function isFolder(folder: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  const target = await stat(path.join(folder, entry.name)).catch(() => null);
  return target?.isDirectory() ?? false;
}

function isRaw(kind: FileKind): boolean {
  return kind.is === "other" && kind.kind === rawKind;
}

/** Whether a file that is not called a photo is one by its first bytes. */
async function isPhoto(folder: string, entry: Dirent): Promise<boolean> {
  const file = path.join(folder, entry.name);
  const there = await stat(file).catch(() => null);
  if (there === null || !there.isFile()) return false;
  const handle = await open(file).catch(() => null);
  if (handle === null) return false;
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(64), 0, 64, 0);
    return startsAsPhoto(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}
