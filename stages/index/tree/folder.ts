import path from "node:path";

/** A folder with what counts in it, junk left out; lists are sorted by code points. */
export interface Folder {
  readonly name: string;
  /** relative to the root, with forward slashes; "" is the root */
  readonly path: string;
  readonly folders: readonly Folder[];
  /** names of files */
  readonly photos: readonly string[];
  readonly tables: readonly string[];
  /** photos in it and below */
  readonly count: number;
}

/**
 * Paths of all photos in a folder and below, relative to the root: a folder's own before those of
 * its folders.
 */
export function photosBelow(folder: Folder): string[] {
  return [...ownPhotos(folder), ...folder.folders.flatMap((each) => photosBelow(each))];
}

/** Paths of the photos right in a folder, relative to the root. */
export function ownPhotos({ path: place, photos }: Folder): string[] {
  return photos.map((name) => path.posix.join(place, name));
}

/** Folders right in a folder that have photos below. */
export function withPhotos({ folders }: Folder): Folder[] {
  return folders.filter(({ count }) => count > 0);
}

/** A folder with only the photos and tables that are wanted, by their paths from the root. */
export function filtered(
  folder: Folder,
  isWantedPhoto: (photo: string) => boolean,
  isWantedTable: (table: string) => boolean,
): Folder {
  const at = (name: string) => path.posix.join(folder.path, name);
  const folders = folder.folders.map((each) => filtered(each, isWantedPhoto, isWantedTable));
  const photos = folder.photos.filter((name) => isWantedPhoto(at(name)));
  const tables = folder.tables.filter((name) => isWantedTable(at(name)));
  const count = folders.reduce((sum, each) => sum + each.count, photos.length);
  return { ...folder, folders, photos, tables, count };
}

/** How a message calls a folder: "train/", or "the folder itself". */
export function called({ path: place }: Folder): string {
  return place === "" ? "the folder itself" : `${place}/`;
}
