import path from "node:path";
import type { AskedPhoto } from "./photos.ts";

/** Finds the photos that a competition's ids mean. */
export interface PhotosById {
  /**
   * The photos that an id may mean: by file name or path, with or without the ending. More than one
   * is a question.
   */
  find(id: string): readonly AskedPhoto[];
  /**
   * The photo whose name is nearly the id: but for zeros in front, letter case, ending or folder.
   */
  nearest(id: string): AskedPhoto | undefined;
}

interface Named {
  readonly photo: AskedPhoto;
  /** its whole path with forward slashes in NFC, and the same without the ending */
  readonly paths: readonly [whole: string, bare: string];
  /** the same of its id, which is its path from the folder that was named */
  readonly ids: readonly [whole: string, bare: string];
}

export function photosById(photos: readonly AskedPhoto[]): PhotosById {
  const [whole, bare, loose] = [
    new Map<string, Named[]>(),
    new Map<string, Named[]>(),
    new Map<string, Named>(),
  ];
  for (const photo of photos) {
    const full = written(path.resolve(photo.file));
    const own = written(photo.id);
    const named: Named = { photo, paths: [full, withoutEnding(full)], ids: [own, withoutEnding(own)] };
    add(whole, baseOf(named.paths[0]), named);
    add(bare, baseOf(named.paths[1]), named);
    const key = looseKey(full);
    if (!loose.has(key)) loose.set(key, named);
  }
  const matches = (names: ReadonlyMap<string, readonly Named[]>, id: string, form: 0 | 1): AskedPhoto[] => {
    const fitting = (names.get(baseOf(id)) ?? []).filter(({ paths }) => `/${paths[form]}`.endsWith(`/${id}`));
    const exact = fitting.filter(({ ids }) => ids[form] === id);
    return (exact.length === 1 ? exact : fitting).map(({ photo }) => photo);
  };
  return {
    find(given) {
      const id = written(given);
      const found = matches(whole, id, 0);
      return found.length > 0 ? found : matches(bare, id, 1);
    },
    nearest: (id) => loose.get(looseKey(written(id)))?.photo,
  };
}

function add(names: Map<string, Named[]>, name: string, named: Named): void {
  const there = names.get(name);
  if (there === undefined) names.set(name, [named]);
  else there.push(named);
}

/**
 * A path as all of them are compared: forward slashes, NFC, nothing in front of the first folder.
 */
function written(name: string): string {
  const slashed = name.normalize("NFC").replaceAll("\\", "/");
  return slashed.replace(/^[a-z]:(?=\/)/i, "").replace(/^(?:\.?\/)+/, "");
}

const baseOf = (name: string): string => path.posix.basename(name);

function withoutEnding(name: string): string {
  const { dir, name: stem } = path.posix.parse(name);
  return path.posix.join(dir, stem);
}

function looseKey(name: string): string {
  return path.posix
    .parse(name)
    .name.toLowerCase()
    .replace(/^0+(?=.)/, "");
}
