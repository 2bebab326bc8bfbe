import { plainName } from "./column-names.ts";
import { idColumn } from "./id-column.ts";
import { labelColumns } from "./label-columns.ts";
import { type Lack, named, type NamedTable } from "./named-table.ts";
import type { PhotoLookup } from "./photo-lookup.ts";
import { type SplitColumn, splitColumn } from "./split-column.ts";

/** What a person says of a table's columns; "" where nothing is said. */
export interface ColumnFlags {
  readonly idColumn: string;
  readonly labelColumn: string;
  /** a name, "none", or name=value where that value is the validation part */
  readonly splitColumn: string;
  readonly groupColumn: string;
}

/** Which columns hold what. */
export interface Columns {
  readonly id: number;
  /** one column, or one a class, with a 1 in one of them */
  readonly labels: readonly number[];
  readonly split: SplitColumn | null;
  readonly group: number | null;
}

/**
 * Chooses the columns of a table: that of names by what names photos, that of labels by its name,
 * then by what is left.
 *
 * @param from the table's folder, relative to the root of the lookup
 */
export function chooseColumns(
  table: NamedTable,
  lookup: PhotoLookup,
  from: string,
  flags: ColumnFlags,
): Columns | Lack {
  const { header, rows } = table;
  if (rows.length === 0) return { lacks: "it has a header and no row" };
  const id = idColumn(table, lookup, from, flags.idColumn);
  if (typeof id !== "number") return id;
  const group = groupColumn(header, flags.groupColumn);
  if (typeof group === "object" && group !== null) return group;
  const split = splitColumn(table, id, flags.splitColumn);
  if (split !== null && "lacks" in split) return split;
  const taken = new Set([id, ...(group === null ? [] : [group]), ...(split === null ? [] : [split.column])]);
  const labels = labelColumns(table, taken, flags.labelColumn);
  return "lacks" in labels ? labels : { id, labels: labels.columns, split, group };
}

/** Whether what was chosen is a lack. */
export function isLack(chosen: Columns | Lack): chosen is Lack {
  return "lacks" in chosen;
}

function groupColumn(header: readonly string[], flag: string): number | Lack | null {
  if (flag !== "") return named(header, flag, "group-column");
  const column = header.findIndex((name) => plainName(name) === "group");
  return column === -1 ? null : column;
}
