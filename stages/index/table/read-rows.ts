import path from "node:path";
import { type NamedPart, partNamed } from "../layout/part-names.ts";
import type { Split } from "../row.ts";
import { withoutPhotoEnding } from "../tree/file-kinds.ts";
import { isGroupHint, isLabelName } from "./column-names.ts";
import { chooseColumns, type ColumnFlags, type Columns, isLack } from "./choose-columns.ts";
import type { NamedTable } from "./named-table.ts";
import type { PhotoLookup } from "./photo-lookup.ts";
import { folderOf, type TableFile } from "./read-table.ts";
import { findPhotos, libertiesTaken, namedInFull, photoOf } from "./row-photos.ts";
import { givenOf } from "./split-column.ts";

/** A row of a table that lists photos. */
interface TableRow {
  /** what the table calls it, without a photo's ending */
  readonly name: string;
  /** the photo, relative to the root; of a row without one, what the table says */
  readonly path: string;
  readonly label: string | null;
  readonly given: Split | null;
  readonly group: string | null;
  /** why there is no photo; null where there is one */
  readonly problem: string | null;
  readonly line: number;
}

/** A table that lists labelled photos. */
export interface PhotoTable {
  readonly file: string;
  /** the part that its name or its folder tells */
  readonly part: NamedPart | null;
  readonly rows: readonly TableRow[];
  /** "its columns filename and class" */
  readonly says: string;
  readonly remarks: readonly string[];
  /** whether the name of its column of labels says that it holds labels */
  readonly isNamed: boolean;
  /** whether it says itself in which part a photo is */
  readonly hasSplit: boolean;
}

/** A table that is not used, and what it lacks. */
export interface UnusedTable {
  readonly file: string;
  readonly lacks: string;
}

/** Whether a table lists labelled photos. */
export function listsPhotos(table: PhotoTable | UnusedTable): table is PhotoTable {
  return "rows" in table;
}

/**
 * Reads what a table says of photos.
 *
 * @param root absolute
 * @throws PipelineError `data` where a cell of its split column names no part
 */
export async function readRows(
  root: string,
  table: TableFile,
  lookup: PhotoLookup,
  flags: ColumnFlags,
): Promise<PhotoTable | UnusedTable> {
  const { file } = table;
  if ("problem" in table) return { file, lacks: table.problem };
  if (/sample.?submission/i.test(file))
    return { file, lacks: "it is a sample of answers, whose labels are made up" };
  const from = folderOf(table);
  const { names, lines } = withHeader(table, lookup, from);
  const columns = chooseColumns(names, lookup, from, flags);
  if (isLack(columns)) return { file, lacks: columns.lacks };
  const found = findPhotos(names, columns.id, lookup, from, file);
  const rows: TableRow[] = [];
  let unmatched = 0;
  for (const [i, cells] of names.rows.entries()) {
    const cell = cells[columns.id] ?? "";
    const line = lines[i] ?? i + 1;
    const { photo, problem } = await photoOf(found[i] ?? null, cell, {
      ...{ root, from, lookup },
      isFirst: unmatched < namedInFull,
    });
    if (problem !== null) unmatched++;
    rows.push({
      name: withoutPhotoEnding(cell.replaceAll("\\", "/")),
      path: photo,
      label: labelOf(cells, names.header, columns),
      given: givenOf(cells, columns.split, file, line),
      group: columns.group === null ? null : cells[columns.group] || null,
      problem,
      line,
    });
  }
  return {
    file,
    part: partNamed(path.posix.basename(file).replace(/\.\w+$/, "")) ?? partNamed(path.posix.basename(from)),
    rows,
    says: saysOf(names.header, columns),
    isNamed: columns.labels.length > 1 || isLabelName(names.header[columns.labels[0] ?? -1] ?? ""),
    hasSplit: columns.split !== null,
    remarks: [...libertiesTaken(file, names, columns.id, found), ...groupsHinted(names, columns)],
  };
}

/** The first row is a header but where it names a photo as the others do. */
function withHeader(
  { header, rows, lines }: Extract<TableFile, { rows: unknown }>,
  lookup: PhotoLookup,
  from: string,
): { readonly names: NamedTable; readonly lines: readonly number[] } {
  if (header !== null) return { names: { header, rows, isHeaderOwn: true }, lines };
  const [first = [], second = []] = rows;
  const isData = first.some((cell, column) => {
    if (cell === "" || lookup.find(cell, from, []) === null) return false;
    return lookup.find(second[column] ?? cell, from, []) !== null;
  });
  if (isData) {
    const numbered = first.map((_, i) => `column ${i + 1}`);
    return { names: { header: numbered, rows, isHeaderOwn: false }, lines };
  }
  return { names: { header: first, rows: rows.slice(1), isHeaderOwn: true }, lines: lines.slice(1) };
}

function labelOf(cells: readonly string[], header: readonly string[], { labels }: Columns): string | null {
  const [only, ...others] = labels;
  if (only === undefined) return null;
  if (others.length === 0) return cells[only]?.normalize("NFC") || null;
  const hot = labels.find((column) => Number(cells[column]) === 1);
  return hot === undefined ? null : (header[hot]?.normalize("NFC") ?? null);
}

function saysOf(header: readonly string[], { id, labels, split, group }: Columns): string {
  const name = (column: number) => header[column] ?? "";
  const [label, ...others] = labels;
  const parts = [
    name(id),
    ...(others.length > 0
      ? [`a column a class (${labels.length})`]
      : label === undefined
        ? []
        : [name(label)]),
    ...(split === null ? [] : [`${name(split.column)} (split)`]),
    ...(group === null ? [] : [name(group)]),
  ];
  return parts.join(", ");
}

function groupsHinted({ header, rows }: NamedTable, { group, labels }: Columns): string[] {
  if (group !== null) return [];
  return header.flatMap((name, column) => {
    if (labels.includes(column) || !isGroupHint(name)) return [];
    const values = new Set(rows.map((row) => row[column]));
    if (values.size < 2 || values.size === rows.length) return [];
    return [`--group-column ${name} would keep the photos of each ${name} on one side of the split`];
  });
}
