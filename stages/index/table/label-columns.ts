import { shellWord } from "../../../shared/shell-word.ts";
import { isAsideName, isLabelName, isPlainLabelName } from "./column-names.ts";
import { type Lack, named, type NamedTable, some } from "./named-table.ts";

/**
 * The column of labels, or one a class with a 1 in one of them: by its name, then by what is left.
 *
 * @param taken columns that hold something else
 * @param flag names with commas between them; "": found out
 */
export function labelColumns(
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

/**
 * The only one, or that of columns that say the same which says it in words; else it must be asked.
 */
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
