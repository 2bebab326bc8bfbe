import type { PipelineError } from "../../../shared/errors.ts";
import { shellWord } from "../../../shared/shell-word.ts";
import { counted } from "../../../shared/counted.ts";
import type { Split } from "../row.ts";
import type { PhotoTable } from "../table/read-rows.ts";
import { photosBelow } from "../tree/folder.ts";
import type { UnnamedRow } from "./ids.ts";
import { asidePhotos } from "./class-folders.ts";
import { partsNamed } from "./part-names.ts";
import type { DataSet, LayoutReader, Reading } from "./reading.ts";
import { photosOfSet } from "./wrappers.ts";
import { firstOfEach, repeatsSaid } from "./repeats.ts";

/** A table that lists photos with their labels; photos that it does not list are unlabelled. */
export const tables: LayoutReader = (data) => data.tables.map((table) => readingOf(table, data));

function readingOf(table: PhotoTable, { top, onlyListed }: DataSet): Reading {
  const { rows, clash } = rowsOfTable(table);
  const inFolders = table.hasSplit ? null : partsByFolders(rows);
  const listed = new Set(rows.map(({ path }) => path));
  const { photos, aside } = onlyListed ? { photos: photosBelow(top), aside: [] } : photosOfSet(top);
  const rest = photos.filter((photo) => !listed.has(photo));
  return {
    layout: "table",
    flag: `--table ${shellWord(table.file)}`,
    says: `a table, ${table.file} (${table.says})`,
    rows: [
      ...(inFolders ?? rows),
      ...(onlyListed
        ? []
        : rest.map((path) => ({ path, label: null, given: null, group: null, wish: nameOf(path) }))),
    ],
    leftOut: onlyListed
      ? rest.map((path) => ({ path, kind: `without a row in ${table.file}`, hint: "" }))
      : asidePhotos(aside).filter(({ path }) => !listed.has(path)),
    remarks: [
      ...table.remarks,
      ...repeatsSaid(table.rows.length - rows.length),
      ...(inFolders === null ? [] : ["the parts are those of the folders that the photos lie in"]),
      ...(onlyListed ? [] : restSaid(rest, table.file)),
    ],
    doubts: labelDoubts(table),
    tables: [table.file],
    clash,
  };
}

/** The rows of a table, each photo once, and the error where a photo has two labels. */
export function rowsOfTable({ file, rows }: Pick<PhotoTable, "file" | "rows">): {
  readonly rows: readonly UnnamedRow[];
  readonly clash: PipelineError | null;
} {
  const { rows: own, clash } = firstOfEach(file, rows, (row) => row.path);
  const areIds = new Set(own.map(({ name }) => name)).size === own.length;
  const named = own.map(({ name, path, label, given, group, problem }) => ({
    ...{ path, label, given, group, problem },
    // A name with folders in it is a path, and becomes an id as other paths do.
    ...(areIds && !name.includes("/") ? { id: name } : {}),
  }));
  return { rows: named, clash };
}

/** Why the labels of a table may be none. */
export function labelDoubts({ rows, isNamed }: Pick<PhotoTable, "rows" | "isNamed">): string[] {
  const labelled = rows.flatMap(({ label }) => (label === null ? [] : [label]));
  const labels = [...new Set(labelled)];
  if (labels.length < 2) return [`its labels are ${labels.length === 0 ? "all empty" : "all the same"}`];
  // Few rows prove nothing, and a class of one photo is not odd by itself.
  if (labelled.length < 8 || labels.length <= labelled.length / 2) return [];
  const joined = labels.filter((label) => /[\s,;|]/.test(label));
  if (joined.length > labels.length / 2)
    return [
      `most photos have several labels in one cell (${joined[0] ?? ""}): one class a photo is what is learned`,
    ];
  return isNamed ? [] : [`its ${labels.length} labels are nearly all different, one for each photo`];
}

function nameOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.replace(/\.[^.]+$/, "");
}

/**
 * The parts that the rows' folders name, where they name the training part and another; else null.
 */
function partsByFolders(rows: readonly UnnamedRow[]): UnnamedRow[] | null {
  const tops = rows.map(({ path }) => path.split("/").slice(0, -1));
  const names = [...new Set(tops.flat())];
  const parts = new Map(partsNamed(names).map((part, i) => [names[i] ?? "", part]));
  const given = tops.map((folders): Split | null => {
    const part = folders.map((name) => parts.get(name) ?? null).find((each) => each !== null) ?? null;
    return part === "unlabelled" ? null : part;
  });
  const kinds = new Set(given);
  if (!kinds.has("train") || kinds.has(null) || kinds.size < 2) return null;
  return rows.map((row, i) => ({ ...row, given: given[i] ?? null }));
}

/** The remark on photos without a row: how many, folder by folder. */
export function restSaid(rest: readonly string[], file: string): string[] {
  if (rest.length === 0) return [];
  const folders = new Map<string, number>();
  for (const photo of rest) {
    const folder = photo.includes("/") ? photo.slice(0, photo.lastIndexOf("/") + 1) : "the folder itself";
    folders.set(folder, (folders.get(folder) ?? 0) + 1);
  }
  const shown = [...folders].slice(0, 4).map(([folder, count]) => `${count} in ${folder}`);
  return [
    `${counted(rest.length, "photo has", "photos have")} no row in ${file}: unlabelled (${shown.join(", ")}${folders.size > 4 ? " …" : ""})`,
  ];
}
