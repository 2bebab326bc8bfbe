import path from "node:path";
import { nearest } from "../../../shared/nearest.ts";
import { withoutPhotoEnding } from "../tree/file-kinds.ts";

/** How a cell was understood, where it does not name its photo as it stands; "" where it does. */
export type Liberty =
  | ""
  | "backslashes for slashes"
  | "file:// addresses"
  | "paths from the folder above"
  | "another folder than the row says"
  | "another ending than the row says"
  | "letters in another case";

/** What a cell of a table names: a photo; several that it could be; or none. */
export type Found =
  { readonly path: string; readonly liberty: Liberty } | { readonly several: readonly string[] } | null;

/** Finds photos by what tables call them. */
export interface PhotoLookup {
  readonly count: number;
  /**
   * @param from the folder of the table, relative to the root
   * @param preferred folders in which a name is taken that stands in several, the best first
   */
  find(cell: string, from: string, preferred: readonly string[]): Found;
  /** a photo whose name is the cell's but for zeros before a number, or null */
  withZeros(cell: string): string | null;
  /** the photo whose name is nearest to a cell's, or null */
  nearestTo(cell: string): string | null;
}

type Index = ReadonlyMap<string, readonly string[]>;

/**
 * Indexes photos by their paths and names. Names are compared in NFC.
 *
 * @param root absolute
 * @param photos relative to the root, with forward slashes
 */
export function photoLookup(root: string, photos: readonly string[]): PhotoLookup {
  const exact = indexedBy(photos, (photo) => photo.normalize("NFC"));
  const lower = lazy(() => indexedBy(photos, (photo) => photo.normalize("NFC").toLowerCase()));
  const bare = lazy(() => indexByBareNumber(photos));
  const stems = lazy(() => photos.slice(0, 20_000).map(stemOf));

  return {
    count: photos.length,
    find(cell, from, preferred) {
      const { value, liberty } = plainPath(cell.normalize("NFC"), root);
      if (value === "") return null;
      const places = [path.posix.join(from, value), value];
      for (const place of places) {
        const there = exact.paths.get(place) ?? exact.stems.get(place);
        if (there !== undefined) return chosen(there, liberty, preferred);
      }
      const [first = "", ...rest] = value.split("/");
      if (rest.length > 0 && first === path.basename(root).normalize("NFC")) {
        const place = rest.join("/");
        const there = exact.paths.get(place) ?? exact.stems.get(place);
        if (there !== undefined) return chosen(there, "paths from the folder above", preferred);
      }
      return (
        bySuffix(exact, value, liberty, preferred) ??
        bySuffix(exact, withoutPhotoEnding(value), "another ending than the row says", preferred) ??
        bySuffix(lower(), value.toLowerCase(), "letters in another case", preferred)
      );
    },
    withZeros(cell) {
      const stem = withoutPhotoEnding(path.posix.basename(cell.trim()));
      return /^\d+$/.test(stem) ? (bare().get(stem.replace(/^0+(?=.)/, ""))?.[0] ?? null) : null;
    },
    nearestTo(cell) {
      const near = nearest(stemOf(cell.replaceAll("\\", "/")), stems());
      return near === null ? null : (photos.find((photo) => stemOf(photo) === near) ?? null);
    },
  };
}

/** A photo's name alone, without its ending. */
function stemOf(photo: string): string {
  return withoutPhotoEnding(path.posix.basename(photo));
}

interface Indices {
  /** by the path from the root, and by that without the ending */
  readonly paths: Index;
  readonly stems: Index;
  /** by the name alone, and by that without the ending */
  readonly names: Index;
  readonly nameStems: Index;
}

function indexedBy(photos: readonly string[], form: (photo: string) => string): Indices {
  const [paths, stems, names, nameStems] = [0, 1, 2, 3].map(() => new Map<string, string[]>()) as [
    Map<string, string[]>,
    Map<string, string[]>,
    Map<string, string[]>,
    Map<string, string[]>,
  ];
  for (const photo of photos) {
    const key = form(photo);
    const name = path.posix.basename(key);
    add(paths, key, photo);
    add(stems, withoutPhotoEnding(key), photo);
    add(names, name, photo);
    add(nameStems, withoutPhotoEnding(name), photo);
  }
  return { paths, stems, names, nameStems };
}

function indexByBareNumber(photos: readonly string[]): Index {
  const index = new Map<string, string[]>();
  for (const photo of photos) {
    const stem = withoutPhotoEnding(path.posix.basename(photo));
    if (/^\d+$/.test(stem)) add(index, stem.replace(/^0+(?=.)/, ""), photo);
  }
  return index;
}

function add(index: Map<string, string[]>, key: string, photo: string): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, [photo]);
  else known.push(photo);
}

/**
 * A cell as a path with single forward slashes, from the root where it is absolute and lies in
 * there.
 */
function plainPath(cell: string, root: string): { value: string; liberty: Liberty } {
  let value = cell.trim();
  let liberty: Liberty = "";
  if (/^file:\/\//i.test(value)) {
    value = decoded(value.replace(/^file:\/\/(localhost)?/i, ""));
    liberty = "file:// addresses";
  }
  if (value.includes("\\")) {
    value = value.replaceAll("\\", "/");
    liberty = "backslashes for slashes";
  }
  if (value === "") return { value, liberty };
  value = path.posix.normalize(value).replace(/^\.\//, "");
  const above = `${root.normalize("NFC")}/`;
  if (value.startsWith(above)) value = value.slice(above.length);
  return { value: value.replace(/^([a-z]:)?\//i, ""), liberty };
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

/**
 * Photos whose paths end as a value does: all of it, then without its first folders, one by one.
 */
function bySuffix(
  { names, nameStems }: Indices,
  value: string,
  liberty: Liberty,
  preferred: readonly string[],
): Found {
  const name = path.posix.basename(value);
  const candidates = names.get(name) ?? nameStems.get(name) ?? [];
  if (candidates.length === 0) return null;
  const folders = value.split("/").slice(0, -1);
  for (let from = 0; from <= folders.length; from++) {
    const folder = folders.slice(from).join("/");
    const there = candidates.filter((photo) => endsInFolder(photo, folder));
    if (there.length > 0)
      return chosen(there, from === 0 ? liberty : "another folder than the row says", preferred);
  }
  return null;
}

function endsInFolder(photo: string, folder: string): boolean {
  if (folder === "") return true;
  const own = path.posix.dirname(photo).normalize("NFC").toLowerCase();
  return `/${own}`.endsWith(`/${folder.toLowerCase()}`);
}

function chosen(there: readonly string[], liberty: Liberty, preferred: readonly string[]): Found {
  const [only, ...others] = there;
  if (only === undefined) return null;
  if (others.length === 0) return { path: only, liberty };
  for (const folder of preferred) {
    const inside = there.filter((photo) => photo.startsWith(`${folder}/`));
    if (inside.length === 1 && inside[0] !== undefined) return { path: inside[0], liberty };
  }
  return { several: there };
}

function lazy<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
