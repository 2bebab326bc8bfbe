import { isIdName, isLabelName } from "./column-names.ts";
import { type Lack, named, type NamedTable } from "./named-table.ts";
import type { PhotoLookup } from "./photo-lookup.ts";

/** Rows that are looked at to tell what a column holds. */
const looked = 300;

function sampleOf(rows: NamedTable["rows"]): NamedTable["rows"] {
  const step = Math.max(1, Math.floor(rows.length / looked));
  return rows.filter((_, i) => i % step === 0);
}

/**
 * The column that names photos: of which most different cells are found among them.
 *
 * @param from the table's folder, relative to the root of the lookup
 * @param flag what a person says; "": nothing
 */
export function idColumn(
  { header, rows }: NamedTable,
  lookup: PhotoLookup,
  from: string,
  flag: string,
): number | Lack {
  if (flag !== "") return named(header, flag, "id-column");
  const sample = sampleOf(rows);
  const ranked = header
    .map((name, column) => {
      const cells = sample.map((row) => row[column] ?? "");
      const isFound = (cell: string) => cell !== "" && lookup.find(cell, from, []) !== null;
      // A class number may be a photo's name too; but it repeats where names do not.
      const isClass = isLabelName(name) && !isIdName(name) && new Set(cells).size < cells.length;
      const found = isClass ? 0 : new Set(cells.filter(isFound)).size;
      const padded = cells.filter((cell) => lookup.withZeros(cell) !== null).length;
      return { name, column, found, padded, hasNames: isIdName(name) };
    })
    .sort((a, b) => b.found - a.found || Number(b.hasNames) - Number(a.hasNames));
  const best = ranked[0];
  if (best === undefined || best.found === 0) {
    const padded = ranked.find((each) => each.padded > sample.length / 2);
    return padded === undefined ? noNames(ranked) : lostZeros(padded, rows, lookup);
  }
  if (
    best.found >= sample.length / 2 ||
    best.found >= new Set(sample.map((row) => row[best.column])).size / 2
  )
    return best.column;
  if (best.padded > sample.length / 2) return lostZeros(best, rows, lookup);
  const miss = sample.find((row) => lookup.find(row[best.column] ?? "", from, []) === null);
  return {
    lacks: `its column ${best.name} names photos in ${best.found} of ${sample.length} rows only: there is no ${miss?.[best.column] ?? ""}`,
  };
}

function noNames(columns: readonly { readonly name: string; readonly hasNames: boolean }[]): Lack {
  const likely = columns.filter(({ hasNames }) => hasNames).map(({ name }) => name);
  return {
    lacks: `no column names photos that are here${likely.length > 0 ? ` (${likely.join(", ")} would)` : ""}`,
  };
}

function lostZeros(
  { name, column }: { readonly name: string; readonly column: number },
  rows: NamedTable["rows"],
  lookup: PhotoLookup,
): Lack {
  const [cell = ""] = rows.flatMap((row) => {
    const own = row[column] ?? "";
    return lookup.withZeros(own) === null ? [] : [own];
  });
  return {
    lacks: `its column ${name} has lost zeros, as spreadsheets do it: ${cell} for ${lookup.withZeros(cell) ?? ""}; write the names in full`,
  };
}
