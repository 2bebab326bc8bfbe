import path from "node:path";
import { unexpected } from "../../../shared/errors.ts";
import type { Listing, Split } from "../row.ts";
import { withIds } from "./ids.ts";
import { firstOfEach, repeatsSaid } from "./repeats.ts";
import { splitNamed } from "./split-names.ts";
import { cell, type Table } from "./table-file.ts";

/** Whether a table has the columns that list photos. */
export function listsPhotos({ columns }: Table): boolean {
  return columns.includes("path") && columns.includes("label");
}

/**
 * A CSV or TSV of path,label[,split][,group], paths relative to the file. An empty label is an unlabelled photo, an empty
 * split is train where other rows have one, an empty group is none.
 *
 * @throws PipelineError `data` where a column is missing, a split is unknown, or a photo has two labels
 */
export function table(read: Table): Listing {
  const { file, columns, records } = read;
  if (!listsPhotos(read))
    throw unexpected("data", {
      where: "index",
      expected: "the columns path and label (split and group if you like)",
      subject: file,
      got: columns.join(", "),
    });
  const column = (name: string) => columns.indexOf(name);
  const [pathColumn, labelColumn, splitColumn, groupColumn] = ["path", "label", "split", "group"].map(
    column,
  ) as [number, number, number, number];
  const rows = records.map((record, i) => ({
    path: path.posix.normalize(cell(record, pathColumn)),
    label: cell(record, labelColumn) || null,
    given: givenSplit(cell(record, splitColumn), file, i),
    group: cell(record, groupColumn) || null,
  }));
  const unique = firstOfEach(file, rows, (row) => row.path);
  return {
    layout: `a table of ${["path", "label", "split", "group"].filter((name) => columns.includes(name)).join(", ")}: ${path.basename(file)}`,
    root: path.dirname(file),
    rows: withIds(unique),
    remarks: repeatsSaid(rows.length - unique.length),
  };
}

function givenSplit(text: string, file: string, record: number): Split | null {
  if (text === "") return null;
  const split = splitNamed(text);
  if (split !== null) return split;
  throw unexpected("data", {
    where: "index",
    expected: "train, validation or test as the split",
    subject: `${file}, row ${record + 1}`,
    got: `"${text}"`,
  });
}
