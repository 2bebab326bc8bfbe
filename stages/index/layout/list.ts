import { stat } from "node:fs/promises";
import path from "node:path";
import { counted } from "../../../shared/counted.ts";
import { unexpected } from "../../../shared/errors.ts";
import type { ListedRow, Listing } from "../row.ts";
import type { UnusedTable } from "../table/read-rows.ts";
import { kindByName } from "../tree/file-kinds.ts";
import { photosBelow } from "../tree/folder.ts";
import { type LeftOut, sumsOf } from "../tree/left-out.ts";
import { readTree, type Tree } from "../tree/read-tree.ts";
import { choosePhotos } from "./choose-photos.ts";
import { dataSetOf, tableBelow } from "./data-set.ts";
import { withIds } from "./ids.ts";
import { judge } from "./judge.ts";
import { joinedLabelsSaid, trainableLabels, withLabelCase } from "./labels.ts";
import type { ListConfig } from "./list-config.ts";
import { readers } from "./readers.ts";
import type { DataSet, Reading } from "./reading.ts";

/**
 * Lists the photos of a folder, or of a table, in a layout that it finds out by itself or is told.
 *
 * @param artifacts the folder of results, which may lie among the photos and is none of them; ""
 * where there is none
 * @throws PipelineError `data` where nothing is there, or it is open how it is to be read; `usage`
 * where a flag names what is not there
 */
export async function list(config: ListConfig, artifacts = ""): Promise<Listing> {
  const place = path.resolve(config.data);
  const found = config.data === "" ? null : await stat(place).catch(() => null);
  if (found === null)
    throw unexpected("data", {
      where: "index",
      expected: "a folder of photos, or a table of them (CSV, TSV, text or JSON),",
      subject: `--data ${config.data}`,
      got: config.data === "" ? "no name" : "nothing there",
    });
  if (found.isDirectory()) return listTree(await readTree(place, artifacts), config, false);
  expectTable(place);
  const tree = await readTree(path.dirname(place), artifacts);
  return listTree(tree, { ...config, table: place }, true);
}

function expectTable(file: string): void {
  const kind = kindByName(path.basename(file));
  if (kind.is === "table") return;
  throw unexpected("data", {
    where: "index",
    expected: "a folder, or a table (CSV, TSV, text or JSON),",
    subject: `--data ${file}`,
    got: kind.is === "other" ? `one of ${kind.kind}` : "another file",
    ...(kind.is === "other" && kind.hint !== "" ? { hint: kind.hint } : {}),
  });
}

async function listTree(tree: Tree, config: ListConfig, onlyListed: boolean): Promise<Listing> {
  const { root, top, leftOut } = choosePhotos(tree, config.photos, config.ignore);
  const data = { ...(await dataSetOf(root, top, config)), onlyListed };
  const reading =
    config.labels === "none" && !onlyListed ? unlabelledTree(data) : judged(data, leftOut, config);
  return listingOf(reading, data, [...leftOut, ...reading.leftOut], config);
}

function judged(data: DataSet, leftOut: readonly LeftOut[], { layout, table }: ListConfig): Reading {
  const readings = readers.flatMap((read) => read(data));
  const file = table === "" ? "" : tableBelow(data.root, table);
  return judge(readings, data, { layout, table: file }, sumsOf(leftOut));
}

function unlabelledTree({ top }: DataSet): Reading {
  return {
    layout: "unlabelled",
    flag: "--labels none",
    says: "photos without labels, as --labels none asks for",
    rows: photosBelow(top).map((photo) => ({ path: photo, label: null, given: null, group: null })),
    ...{ leftOut: [], remarks: [], doubts: [], tables: [] },
  };
}

function listingOf(
  reading: Reading,
  { root, unusedTables, tables }: DataSet,
  leftOut: readonly LeftOut[],
  { labels, labelCase }: ListConfig,
): Listing {
  const listed = withIds(reading.rows);
  const rows = labels === "none" ? listed.map(withoutLabel) : listed;
  const checked = withLabelCase(rows, labelCase);
  const trainable = trainableLabels(checked.rows);
  const passedOver = tables
    .filter(({ file }) => !reading.tables.includes(file))
    .map(({ file, says }) => ({
      file,
      lacks: `the labels are not taken from it (${says}); --table ${file} would`,
    }));
  return {
    layout: reading.says,
    root,
    rows: trainable.rows,
    leftOut,
    remarks: [
      ...reading.remarks,
      ...checked.remarks,
      ...joinedLabelsSaid(trainable.rows),
      ...trainable.remarks,
      ...unusedSaid([...passedOver, ...unusedTables]),
    ],
  };
}

/** A photo as `--labels none` takes it: a part is one of labelled photos. */
function withoutLabel(row: ListedRow): ListedRow {
  return { ...row, label: null, given: null };
}

/** Tables that are not used, by what they lack; text that is no table is only counted. */
function unusedSaid(unused: readonly UnusedTable[]): string[] {
  const isPlainText = ({ file, lacks }: UnusedTable) =>
    /\.(txt|json)$/i.test(file) && /^(no column|it has a header and no row|it is empty)/.test(lacks);
  const byLack = new Map<string, string[]>();
  for (const table of unused)
    if (!isPlainText(table)) byLack.set(table.lacks, [...(byLack.get(table.lacks) ?? []), table.file]);
  const named = [...byLack].map(
    ([lacks, files]) => `${someFiles(files)} not used: ${files.length > 1 ? "of each, " : ""}${lacks}`,
  );
  const texts = unused.filter(isPlainText);
  return [
    ...named.slice(0, 4),
    ...(named.length > 4
      ? [`and ${counted(named.length - 4, "more table is", "more tables are")} not used`]
      : []),
    ...(texts.length > 0
      ? [
          `${counted(texts.length, "file of text names", "files of text name")} no photo (${texts[0]?.file ?? ""}${texts.length > 1 ? " …" : ""})`,
        ]
      : []),
  ];
}

function someFiles(files: readonly string[]): string {
  const shown = files.slice(0, 2).join(", ");
  const more = files.length > 2 ? ` and ${files.length - 2} more` : "";
  return `${shown}${more} ${files.length === 1 ? "is" : "are"}`;
}
