import path from "node:path";
import type { PhotoLookup } from "./photo-lookup.ts";
import { folderOf, type TableFile } from "./read-table.ts";

/**
 * Joins lists that number the photos, as CUB and NABirds have them: `images.txt` (number, path)
 * with `image_class_labels.txt` (number, class) and, where they are there, `train_test_split.txt`
 * (number, 1 for training) and `classes.txt` (class, name). The joined table stands for the list of
 * paths; others stay.
 */
export function withNumberedLists(tables: readonly TableFile[], lookup: PhotoLookup): readonly TableFile[] {
  const pairs = tables.map(pairsOf);
  return tables.map((table, i) => {
    const paths = pairs[i] ?? null;
    if (paths === null || !isPaths(paths, lookup, folderOf(table))) return table;
    const beside = tables.flatMap((other, j) => {
      const own = pairs[j] ?? null;
      return i === j || own === null || folderOf(other) !== folderOf(table)
        ? []
        : [{ file: other.file, own }];
    });
    const numbering = beside.filter(
      ({ own }) => own.size === paths.size && [...paths.keys()].every((key) => own.has(key)),
    );
    const labels = numbering.find(({ file }) => /label/i.test(path.posix.basename(file)))?.own;
    if (labels === undefined) return table;
    const isTraining = numbering.find(({ file }) => /split/i.test(path.posix.basename(file)))?.own;
    const names = beside.find(
      ({ file, own }) =>
        /class/i.test(path.posix.basename(file)) &&
        own !== labels &&
        [...labels.values()].every((label) => own.has(label)),
    )?.own;
    const rows = [...paths].map(([number, photo]) => {
      const label = labels.get(number) ?? "";
      return [
        photo,
        names?.get(label) ?? label,
        ...(isTraining === undefined ? [] : [isTraining.get(number) ?? ""]),
      ];
    });
    return {
      file: table.file,
      rows,
      lines: rows.map((_, line) => line + 1),
      header: ["path", "label", ...(isTraining === undefined ? [] : ["is_train"])],
    };
  });
}

/**
 * A list's second words by its first ones, where it is of two columns and numbers nothing twice.
 */
function pairsOf(table: TableFile): ReadonlyMap<string, string> | null {
  if ("problem" in table || table.header !== null || table.rows.length < 2) return null;
  if (table.rows.some((row) => row.length !== 2)) return null;
  const pairs = new Map(table.rows.map(([first = "", second = ""]) => [first, second]));
  return pairs.size === table.rows.length ? pairs : null;
}

function isPaths(pairs: ReadonlyMap<string, string>, lookup: PhotoLookup, from: string): boolean {
  return [...pairs]
    .slice(0, 20)
    .every(([number, photo]) => /^[\da-f-]+$/i.test(number) && lookup.find(photo, from, []) !== null);
}
