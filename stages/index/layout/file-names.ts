import { asidePhotos } from "./class-folders.ts";
import type { LayoutReader } from "./reading.ts";
import { partsNamed } from "./part-names.ts";
import { photosOfSet } from "./wrappers.ts";

/** A name's beginning up to its number: `cat.12.jpg`, `Abyssinian_100.jpg`. */
export const usualPattern = /^(.*?\p{L}.*?)[\s._-]*\(?\d+\)?(?:\.[^.]+)?$/u;

/** How many photos each label that the names carry would have; null where they carry none. */
export function labelsInNames(photos: readonly string[]): ReadonlyMap<string, number> | null {
  const counts = new Map<string, number>();
  for (const photo of photos) {
    const label = usualPattern.exec(nameOf(photo))?.[1];
    if (label !== undefined) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const named = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const isCarried = counts.size >= 2 && counts.size <= named / 3 && named >= photos.length / 2;
  return isCarried ? counts : null;
}

/** The labels that the photos' names carry, where `--label-from` asks for them. */
export const fileNames: LayoutReader = ({ top, labelPattern }) => {
  if (labelPattern === null) return [];
  const { photos, aside } = photosOfSet(top);
  const folders = [...new Set(photos.flatMap((photo) => photo.split("/").slice(0, -1)))];
  const parts = new Map(partsNamed(folders).map((part, i) => [folders[i] ?? "", part]));
  const rows = photos.map((path) => {
    const label = labelPattern.exec(nameOf(path))?.[1]?.normalize("NFC") ?? null;
    const part = path
      .split("/")
      .slice(0, -1)
      .map((name) => parts.get(name) ?? null)
      .find((each) => each !== null);
    const given = label === null || part === undefined || part === "unlabelled" ? null : part;
    return { path, label, given, group: null };
  });
  const unnamed = rows.filter(({ label }) => label === null).length;
  return [
    {
      layout: "file-names",
      flag: "--label-from name",
      says: "the labels that the photos' names carry",
      rows,
      leftOut: asidePhotos(aside),
      remarks: unnamed > 0 ? [`${unnamed} photos whose names carry no label: taken as unlabelled`] : [],
      doubts: [],
      tables: [],
    },
  ];
};

function nameOf(photo: string): string {
  return photo.slice(photo.lastIndexOf("/") + 1);
}
