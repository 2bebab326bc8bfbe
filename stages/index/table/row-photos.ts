import { stat } from "node:fs/promises";
import path from "node:path";
import { counted } from "../../../shared/counted.ts";
import { partNamed } from "../layout/part-names.ts";
import type { NamedTable } from "./named-table.ts";
import type { Found, Liberty, PhotoLookup } from "./photo-lookup.ts";

/**
 * Names that stand in several folders are taken in the table's own part, then where most others
 * lie, then in train.
 */
export function findPhotos(
  { rows }: NamedTable,
  id: number,
  lookup: PhotoLookup,
  from: string,
  file: string,
): Found[] {
  const own = partNamed(path.posix.basename(file).replace(/\.\w+$/, "")) ?? "train";
  const once = rows.map((row) => lookup.find(row[id] ?? "", from, []));
  if (!once.some((found) => found !== null && "several" in found)) return once;
  const folders = new Map<string, number>();
  for (const found of once) {
    if (found === null) continue;
    for (const photo of "several" in found ? found.several : [found.path]) {
      const folder = path.posix.dirname(photo);
      folders.set(folder, (folders.get(folder) ?? 0) + 1);
    }
  }
  const isOwn = (folder: string) => folder.split("/").some((name) => partNamed(name) === own);
  const preferred = [...folders]
    .sort(([a, inA], [b, inB]) => Number(isOwn(b)) - Number(isOwn(a)) || inB - inA)
    .map(([folder]) => folder);
  return rows.map((row) => lookup.find(row[id] ?? "", from, preferred));
}

/** Rows without a photo whose nearest name is looked for, which takes its time. */
export const namedInFull = 20;

interface Place {
  readonly root: string;
  readonly from: string;
  readonly lookup: PhotoLookup;
  /** whether it is among the first rows without a photo */
  readonly isFirst: boolean;
}

export async function photoOf(
  found: Found,
  cell: string,
  { root, from, lookup, isFirst }: Place,
): Promise<{ readonly photo: string; readonly problem: string | null }> {
  if (found !== null && "path" in found) return { photo: found.path, problem: null };
  const said = path.posix.normalize(path.posix.join(from, cell.replaceAll("\\", "/")));
  if (found !== null)
    return { photo: said, problem: `ambiguous: ${found.several.slice(0, 3).join(" and ")} have this name` };
  for (const place of [path.resolve(root, from, cell), path.resolve(root, cell)]) {
    const there = await stat(place).catch(() => null);
    if (cell !== "" && there?.isFile() === true)
      return { photo: path.relative(root, place).split(path.sep).join("/"), problem: null };
  }
  const padded = lookup.withZeros(cell);
  if (padded !== null) return { photo: said, problem: `missing: ${padded} is there, with its zeros` };
  const near = isFirst ? lookup.nearestTo(cell) : null;
  return { photo: said, problem: near === null ? "missing" : `missing; the nearest name is ${near}` };
}

/** The remarks on names that were understood otherwise than they stand. */
export function libertiesTaken(
  file: string,
  { rows }: NamedTable,
  id: number,
  found: readonly Found[],
): string[] {
  const taken = new Map<Liberty, { count: number; readonly example: string }>();
  for (const [i, each] of found.entries()) {
    if (each === null || !("path" in each) || each.liberty === "") continue;
    const known = taken.get(each.liberty);
    if (known === undefined)
      taken.set(each.liberty, { count: 1, example: `${rows[i]?.[id] ?? ""} is ${each.path}` });
    else known.count++;
  }
  return [...taken].map(
    ([liberty, { count, example }]) =>
      `${file}: ${counted(count, "row names its photo", "rows name their photos")} by ${liberty} (${example})`,
  );
}
