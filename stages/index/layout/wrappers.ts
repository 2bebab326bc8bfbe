import { called, type Folder, ownPhotos, withPhotos } from "../tree/folder.ts";
import { partNamed } from "./part-names.ts";

/** A folder that was gone down to, and what was passed on the way. */
export interface Unwrapped {
  readonly folder: Folder;
  /** folders with pictures that are no photos of the set: masks beside images/ */
  readonly aside: readonly Folder[];
}

const imageNames = /^(images?|imgs?|photos?|pictures|pics|jpegimages|rgb)$/i;

const asideNames =
  /^(seg(mentations?|mented|s)?|masks?|segmentation_?(class|object|masks?)|annotations?|labels?|attributes?|bbox(es)?|boxes|depth|edges?|heat_?maps?|trimaps?|xmls?|parts?|landmarks?|saliency)$/i;

/**
 * Folders with photos right in a folder, but for those that are named for something else beside one
 * of images.
 */
export function photoFolders(folder: Folder): { readonly folders: Folder[]; readonly aside: Folder[] } {
  const folders = withPhotos(folder);
  if (!folders.some(({ name }) => imageNames.test(name))) return { folders, aside: [] };
  const aside = folders.filter(({ name }) => asideNames.test(name));
  return { folders: folders.filter((each) => !aside.includes(each)), aside };
}

/**
 * All photos below a folder but those in folders that are named for something else beside one of
 * images.
 */
export function photosOfSet(folder: Folder): { readonly photos: string[]; readonly aside: Folder[] } {
  const { folders, aside } = photoFolders(folder);
  const below = folders.map(photosOfSet);
  return {
    photos: [...ownPhotos(folder), ...below.flatMap(({ photos }) => photos)],
    aside: [...aside, ...below.flatMap((each) => each.aside)],
  };
}

/** Goes through lone folders that hold folders, down to what branches or holds photos. */
export function unwrapped(folder: Folder): Unwrapped {
  const { folders, aside } = photoFolders(folder);
  const [only, ...others] = folders;
  if (only === undefined || others.length > 0 || folder.photos.length > 0) return { folder, aside: [] };
  if (withPhotos(only).length === 0) return { folder, aside: [] };
  const below = unwrapped(only);
  return { folder: below.folder, aside: [...aside, ...below.aside] };
}

/**
 * The same within a part's folder, also down to a flat folder that is named for the part or for
 * images.
 */
export function unwrappedPart(part: Folder): Unwrapped {
  const down = unwrapped(part);
  const { folders, aside } = photoFolders(down.folder);
  const [only, ...others] = folders;
  if (only === undefined || others.length > 0 || down.folder.photos.length > 0) return down;
  const isFlat = withPhotos(only).length === 0;
  const isNeutral =
    imageNames.test(only.name) || partNamed(only.name) !== null || only.name === down.folder.name;
  return isFlat && isNeutral ? { folder: only, aside: [...down.aside, ...aside] } : down;
}

/** The remark on folders that were gone through. */
export function wrappersSaid(from: Folder, to: Folder): string[] {
  return from.path === to.path ? [] : [`the photos lie below ${called(to)}, which is taken as the set`];
}
