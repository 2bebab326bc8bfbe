import path from "node:path";
import { unexpected } from "../../../shared/errors.ts";
import { contentsOf, photosBelow, type Contents } from "../../../shared/photo-files.ts";
import type { Listing } from "../row.ts";
import { withIds, type UnnamedRow } from "./ids.ts";
import { firstOfEach, repeatsSaid } from "./repeats.ts";
import { cell, type Table } from "./table-file.ts";

/**
 * Kaggle's own: `labels.csv` of id and label (whatever that column is called), `train/<id>.jpg`, and an unlabelled `test/`
 * that need not be there. Rows come in the file's order, then photos without a row, whose id is their name as in Kaggle's
 * submissions.
 *
 * @throws PipelineError `data` where `train/` is not there, or an id has two labels
 */
export async function kaggle(root: string, { folders }: Contents, table: Table): Promise<Listing> {
  if (!folders.includes("train"))
    throw unexpected("data", {
      where: "index",
      expected: "a folder train/ with the photos of labels.csv",
      subject: root,
      got: folders.length === 0 ? "no folder" : `the folders ${folders.join(", ")}`,
    });
  const labelled = labelledRows(table);
  const { photos } = await contentsOf(path.join(root, "train"));
  const fileOf = new Map<string, string>();
  for (const name of photos) {
    const id = name.slice(0, name.lastIndexOf("."));
    if (!fileOf.has(id)) fileOf.set(id, name);
  }
  const rows: UnnamedRow[] = labelled.map(({ id, label }) => ({
    id,
    path: `train/${fileOf.get(id) ?? `${id}.jpg`}`,
    label,
    given: null,
    group: null,
  }));
  const listed = new Set(rows.map((row) => row.path));
  const extra = photos.map((name) => `train/${name}`).filter((photo) => !listed.has(photo));
  const test = folders.includes("test") ? await photosBelow(root, "test") : [];
  for (const photo of [...extra, ...test])
    rows.push({ path: photo, label: null, given: null, group: null, wish: path.parse(photo).name });
  return {
    layout: `Kaggle's: labels.csv, train/${test.length > 0 ? ", unlabelled test/" : ""}`,
    root,
    rows: withIds(rows),
    remarks: [
      ...repeatsSaid(table.records.length - labelled.length),
      ...(extra.length > 0 ? [`${extra.length} photos in train/ have no row in labels.csv: unlabelled`] : []),
    ],
  };
}

function labelledRows(table: Table) {
  const idColumn = table.columns.indexOf("id");
  const labelColumn = table.columns.findIndex((_, i) => i !== idColumn);
  if (labelColumn === -1)
    throw unexpected("data", {
      where: "index",
      expected: "the columns id and label",
      subject: table.file,
      got: table.columns.join(", "),
    });
  const rows = table.records.map((record) => ({
    id: cell(record, idColumn),
    label: cell(record, labelColumn) || null,
  }));
  return firstOfEach(table.file, rows, (row) => row.id);
}
