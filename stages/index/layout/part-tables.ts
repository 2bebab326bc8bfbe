import type { Split } from "../row.ts";
import type { PhotoTable } from "../table/read-rows.ts";
import { asidePhotos } from "./class-folders.ts";
import type { LayoutReader } from "./reading.ts";
import { labelDoubts, restSaid, rowsOfTable } from "./table.ts";
import { photosOfSet } from "./wrappers.ts";

/**
 * A table a part: `train.txt` and `val.txt`, `Train.csv` and `Test.csv`, each with its own photos
 * and their labels.
 */
export const partTables: LayoutReader = ({ top, tables, onlyListed }) => {
  const parts = tables.flatMap((table) => {
    const part = partOf(table);
    return part === null ? [] : [{ table, part }];
  });
  const named = parts.map(({ part }) => part);
  if (!named.includes("train") || new Set(named).size < 2 || new Set(named).size < named.length || onlyListed)
    return [];
  const files = parts.map(({ table }) => table.file);
  const all = parts.flatMap(({ table, part }) => table.rows.map((row) => ({ ...row, given: part })));
  const { rows, clash } = rowsOfTable({ file: files.join(", "), rows: all });
  const listed = new Set(rows.map(({ path }) => path));
  // Lists that share photos are no parts of a set: one is a choice of the other.
  if (listed.size < all.length) return [];
  const { photos, aside } = photosOfSet(top);
  const rest = photos.filter((photo) => !listed.has(photo));
  return [
    {
      layout: "part-tables",
      flag: "--layout part-tables",
      says: `a table a part: ${parts.map(({ table }) => `${table.file} (${table.says})`).join(", ")}`,
      rows: [...rows, ...rest.map((path) => ({ path, label: null, given: null, group: null }))],
      leftOut: asidePhotos(aside).filter(({ path }) => !listed.has(path)),
      remarks: [...parts.flatMap(({ table }) => table.remarks), ...restSaid(rest, files.join(" or "))],
      doubts: labelDoubts({ rows: all, isNamed: parts.some(({ table }) => table.isNamed) }),
      tables: files,
      clash,
    },
  ];
};

function partOf({ part, hasSplit }: PhotoTable): Split | null {
  return hasSplit || part === "unlabelled" ? null : part;
}
