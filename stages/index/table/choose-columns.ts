import { shellWord } from "../../../shared/shell-word.ts";
import { splitNamed } from "../layout/part-names.ts";
import {
  isAsideName,
  isIdName,
  isLabelName,
  isPlainLabelName,
  isSplitName,
  partAskedBy,
  plainName,
} from "./column-names.ts";
import type { PhotoLookup } from "./photo-lookup.ts";

/** A table with the names of its columns. */
export interface NamedTable {
  readonly header: readonly string[];
  /** whether the file itself has these names */
  readonly isHeaderOwn: boolean;
  readonly rows: readonly (readonly string[])[];
}

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

/** A column of parts: their names; yes and no on one of them; or a value that stands for validation. */
interface SplitColumn {
  readonly column: number;
  readonly means:
    "names" | { readonly yes: "train" | "validation" | "test" } | { readonly validation: string };
}

/** Why a table's columns do not list labelled photos. */
export interface Lack {
  readonly lacks: string;
}

/**
 * Chooses the columns of a table: that of names by what names photos, that of labels by its name, then by
 * what is left.
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

function named(header: readonly string[], name: string, flag: string): number | Lack {
  const column = header.findIndex((each) => plainName(each) === plainName(name) || each === name);
  return column !== -1
    ? column
    : { lacks: `it has no column ${name} (--${flag}); it has ${header.join(", ")}` };
}

/** Rows that are looked at to tell what a column holds. */
const looked = 300;

function sampleOf(rows: NamedTable["rows"]): NamedTable["rows"] {
  const step = Math.max(1, Math.floor(rows.length / looked));
  return rows.filter((_, i) => i % step === 0);
}

function idColumn(
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

function groupColumn(header: readonly string[], flag: string): number | Lack | null {
  if (flag !== "") return named(header, flag, "group-column");
  const column = header.findIndex((name) => plainName(name) === "group");
  return column === -1 ? null : column;
}

function splitColumn({ header, rows }: NamedTable, id: number, flag: string): SplitColumn | Lack | null {
  if (flag === "none") return null;
  if (flag !== "") {
    const [name = "", value] = flag.split("=");
    const column = named(header, name, "split-column");
    if (typeof column !== "number") return column;
    return { column, means: value === undefined ? "names" : { validation: value } };
  }
  for (const [column, name] of header.entries()) {
    if (column === id) continue;
    const values = new Set(rows.map((row) => row[column] ?? "").filter((cell) => cell !== ""));
    if (values.size === 0) continue;
    const known = [...values].filter((value) => splitNamed(value) !== null).length;
    const yes = partAskedBy(name);
    if (yes !== null && [...values].every((value) => /^(0|1|true|false|yes|no)$/i.test(value)))
      return { column, means: { yes } };
    if (isSplitName(name) && known > 0) return { column, means: "names" };
    if (known === values.size && values.size > 1) return { column, means: "names" };
    if (isSplitName(name) && values.size > 1 && [...values].every((value) => /^\d+(\.0)?$/.test(value)))
      return {
        lacks: `its column ${name} holds the numbers ${some([...values])}: is that a split? --split-column ${shellWord(`${name}=${[...values][0] ?? "0"}`)} takes that number for validation, --split-column none makes a split of its own`,
      };
  }
  return null;
}

function labelColumns(
  table: NamedTable,
  taken: ReadonlySet<number>,
  flag: string,
): { readonly columns: readonly number[] } | Lack {
  const { header, rows, isHeaderOwn } = table;
  if (flag !== "") {
    const columns = flag.split(",").map((name) => named(header, name, "label-column"));
    const lack = columns.find((column) => typeof column !== "number");
    return lack ?? { columns: columns.filter((column) => typeof column === "number") };
  }
  const left = header.flatMap((name, column) => (taken.has(column) ? [] : [describe(name, column, rows)]));
  const open = left.filter(({ isEmpty }) => !isEmpty);
  const flags = open.filter(({ name, isBinary }) => isBinary && !isAsideName(name) && !isLabelName(name));
  if (isHeaderOwn && flags.length >= 2 && !open.some(({ name }) => isLabelName(name)))
    return oneHot(flags, rows);
  const byName = open.filter(({ name }) => isLabelName(name));
  const plain = byName.filter(({ name }) => isPlainLabelName(name));
  if (plain.length === 1) return { columns: plain.map(({ column }) => column) };
  if (byName.length > 0) return theOne(byName, rows);
  const candidates = open.filter(
    ({ name, isRowNumber, isMeasure }) => !isAsideName(name) && !isRowNumber && !isMeasure,
  );
  if (candidates.length === 0) return { lacks: "it has no column of labels" };
  if (!isHeaderOwn && open.length >= 4 && open.every(({ isNumber }) => isNumber))
    return { lacks: "it has numbers alone behind the names, as lists of boxes have" };
  const repeating = candidates.filter(({ repeats }) => repeats);
  const likely = repeating.length > 0 ? repeating : candidates;
  const words = likely.filter(({ isNumber }) => !isNumber);
  return theOne(words.length === 1 ? words : likely, rows);
}

interface Described {
  readonly name: string;
  readonly column: number;
  readonly isEmpty: boolean;
  readonly isNumber: boolean;
  readonly isBinary: boolean;
  /** numbers with fractions: measured, not a class's */
  readonly isMeasure: boolean;
  /** every value one more than the one before */
  readonly isRowNumber: boolean;
  /** whether values come again, but are not all the same */
  readonly repeats: boolean;
}

function describe(name: string, column: number, rows: NamedTable["rows"]): Described {
  const cells = rows.map((row) => row[column] ?? "").filter((cell) => cell !== "");
  const values = new Set(cells);
  return {
    name,
    column,
    isEmpty: cells.length === 0,
    isNumber: cells.every((cell) => !Number.isNaN(Number(cell))),
    isBinary: cells.every((cell) => /^[01](\.0+)?$/.test(cell)),
    isMeasure:
      cells.every((cell) => !Number.isNaN(Number(cell))) &&
      cells.some((cell) => !Number.isInteger(Number(cell))),
    isRowNumber: cells.length > 2 && cells.every((cell, i) => Number(cell) === Number(cells[0]) + i),
    repeats: values.size > 1 && values.size <= cells.length / 2,
  };
}

function oneHot(
  columns: readonly Described[],
  rows: NamedTable["rows"],
): { readonly columns: readonly number[] } | Lack {
  const numbers = columns.map(({ column }) => column);
  const sum = (row: readonly string[]) => numbers.reduce((total, column) => total + Number(row[column]), 0);
  const others = rows.filter((row) => sum(row) !== 1).length;
  if (others === 0) return { columns: numbers };
  return {
    lacks: `its columns ${some(columns.map(({ name }) => name))} hold 0 and 1, a column a class, but ${others} of ${rows.length} rows have several classes or none: one class a photo is what is learned`,
  };
}

/** The only one, or that of columns that say the same which says it in words; else it must be asked. */
function theOne(
  columns: readonly Described[],
  rows: NamedTable["rows"],
): { readonly columns: readonly number[] } | Lack {
  const [first, ...others] = columns;
  if (first === undefined) return { lacks: "it has no column of labels" };
  if (others.every(({ column }) => sayTheSame(first.column, column, rows))) {
    const worded = columns.find(({ isNumber }) => !isNumber) ?? first;
    return { columns: [worded.column] };
  }
  return {
    lacks: `which of its columns ${some(columns.map(({ name }) => name))} holds the labels is open: --label-column ${shellWord(first.name)} takes the first`,
  };
}

/** Whether two columns cut the rows into the same classes. */
function sayTheSame(a: number, b: number, rows: NamedTable["rows"]): boolean {
  const pairs = new Set(rows.map((row) => JSON.stringify([row[a], row[b]])));
  const distinct = (column: number) => new Set(rows.map((row) => row[column])).size;
  return pairs.size === distinct(a) && pairs.size === distinct(b);
}

function some(names: readonly string[]): string {
  return names.slice(0, 6).join(", ") + (names.length > 6 ? ` and ${names.length - 6} more` : "");
}
