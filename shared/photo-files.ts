import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { byCodePoint } from "./code-points.ts";

/** What lies right in a folder, sorted, links followed, hidden entries left out. */
export interface Contents {
  readonly folders: readonly string[];
  readonly photos: readonly string[];
  readonly others: readonly string[];
}

const photoEnding = /\.(jpe?g|png|webp)$/i;

/** Whether a file's name says that it is a JPEG, PNG or WebP photo. */
function isPhotoName(name: string): boolean {
  return photoEnding.test(name);
}

/** Lists a folder. Names that start with a dot are left out: a copy from macOS has `._photo.jpg` beside each photo. */
export async function contentsOf(folder: string): Promise<Contents> {
  const folders: string[] = [];
  const photos: string[] = [];
  const others: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith(".")) continue;
    if (await isFolder(folder, entry)) folders.push(entry.name);
    else (isPhotoName(entry.name) ? photos : others).push(entry.name);
  }
  return {
    folders: folders.sort(byCodePoint),
    photos: photos.sort(byCodePoint),
    others: others.sort(byCodePoint),
  };
}

async function isFolder(folder: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  const target = await stat(path.join(folder, entry.name)).catch(() => null);
  return target?.isDirectory() ?? false;
}

/**
 * Paths of all photos below `root/below`, relative to `root`, a folder's own before those of its folders.
 *
 * @param below a relative path with forward slashes
 */
export async function photosBelow(root: string, below: string): Promise<string[]> {
  const walk = async (relative: string, above: readonly string[]): Promise<string[]> => {
    const folder = path.join(root, relative);
    const here = await realpath(folder);
    if (above.includes(here)) return []; // a link back up
    const { folders, photos } = await contentsOf(folder);
    const found = photos.map((name) => path.posix.join(relative, name));
    for (const name of folders)
      found.push(...(await walk(path.posix.join(relative, name), [...above, here])));
    return found;
  };
  return walk(below, []);
}
