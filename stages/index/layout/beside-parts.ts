import { shellWord } from "../../../shared/shell-word.ts";
import { called, type Folder, photosBelow } from "../tree/folder.ts";
import { partsNamed } from "./part-names.ts";
import { photoFolders, unwrapped, unwrappedPart } from "./wrappers.ts";

/**
 * Folders that name no part but hold the same classes: another part, or another version of the
 * photos.
 */
export function sameClassesElsewhere(others: readonly Folder[], classes: ReadonlySet<string>): string[] {
  return others.flatMap((folder) => {
    const names = photoFolders(unwrappedPart(folder).folder).folders.map(({ name }) => name.normalize("NFC"));
    const same = names.filter((name) => classes.has(name));
    if (same.length === 0 || same.length < names.length / 2) return [];
    return [
      `${called(folder)} holds the same class folders: which part is it? Call it validation/ or test/, or leave it out with --ignore ${shellWord(`${folder.path}/**`)}`,
    ];
  });
}

/** Folders that name no part and hold parts of their own, with other photos. */
export function partsElsewhere(others: readonly Folder[]): string[] {
  return others.flatMap((folder) => {
    const inside = partsNamed(photoFolders(unwrapped(folder).folder).folders.map(({ name }) => name));
    if (!inside.includes("train")) return [];
    return [
      `${called(folder)} holds parts of its own: --photos ${shellWord(folder.path)} takes that folder alone, --ignore ${shellWord(`${folder.path}/**`)} leaves it out`,
    ];
  });
}

/**
 * Whether a folder repeats what lies beside it, file by file, as a packed file does that was packed
 * twice.
 */
export function isCopy(folder: Folder, beside: Folder): boolean {
  const known = new Set(photosBelow(beside));
  const above = beside.path === "" ? "" : `${beside.path}/`;
  const photos = photosBelow(folder);
  return (
    photos.length > 0 && photos.every((photo) => known.has(`${above}${photo.slice(folder.path.length + 1)}`))
  );
}

export function copiedPhotos(folders: readonly Folder[]) {
  return folders.flatMap((folder) =>
    photosBelow(folder).map((path) => ({
      path,
      kind: `in ${called(folder)}, a copy of what lies beside it`,
      hint: "",
    })),
  );
}

export function besideParts(folders: readonly Folder[]) {
  return folders.flatMap((folder) =>
    photosBelow(folder).map((path) => ({
      path,
      kind: `in ${called(folder)}, which names no part of the set`,
      hint: "",
    })),
  );
}
