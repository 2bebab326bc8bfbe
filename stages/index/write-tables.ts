import { writeFile } from "node:fs/promises";
import path from "node:path";
import { Field, Int32, Int64, Schema, Utf8 } from "apache-arrow";
import { stringify } from "csv-stringify/sync";
import { int32Column, int64Column, recordBatch, utf8Column, words } from "../../shared/arrow/columns.ts";
import { createArrowFile } from "../../shared/arrow/file.ts";
import { splits } from "./row.ts";
import type { LeftOut } from "./tree/left-out.ts";
import type { ScannedRow } from "./scan.ts";

/** A row that can be used. */
export interface IndexedRow extends ScannedRow {
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  readonly perceptualHash: string;
}

/** A row that cannot, and why. */
export interface QuarantinedRow extends ScannedRow {
  readonly reason: string;
}

const rowsInBatch = 65_536;

/**
 * Writes `index.arrow`: id, path, label (dictionary, null where unlabelled), split (dictionary,
 * null where unlabelled), width and height in pixels after EXIF orientation, bytes, sha256,
 * perceptual_hash (16 hexadecimal digits), group (null where a photo is by itself).
 *
 * @param labels the classes, sorted: the label dictionary
 */
export function writeIndex(file: string, rows: readonly IndexedRow[], labels: readonly string[]): void {
  const labelWords = words(0, labels);
  const splitWords = words(1, splits);
  const schema = new Schema([
    new Field("id", new Utf8(), false),
    new Field("path", new Utf8(), false),
    labelWords.field("label"),
    splitWords.field("split"),
    new Field("width", new Int32(), false),
    new Field("height", new Int32(), false),
    new Field("bytes", new Int64(), false),
    new Field("sha256", new Utf8(), false),
    new Field("perceptual_hash", new Utf8(), false),
    new Field("group", new Utf8(), true),
  ]);
  const numberOf = new Map(labels.map((label, i) => [label, i]));
  const arrow = createArrowFile(file, schema);
  try {
    for (let from = 0; from < rows.length; from += rowsInBatch) {
      const batch = rows.slice(from, from + rowsInBatch);
      arrow.append(
        recordBatch(schema, [
          utf8Column(batch.map((row) => row.id)),
          utf8Column(batch.map((row) => row.path)),
          labelWords.column(Int32Array.from(batch, (row) => numberOf.get(row.label ?? "") ?? -1)),
          splitWords.column(
            Int32Array.from(batch, (row) => (row.split === null ? -1 : splits.indexOf(row.split))),
          ),
          int32Column(Int32Array.from(batch, (row) => row.width)),
          int32Column(Int32Array.from(batch, (row) => row.height)),
          int64Column(BigInt64Array.from(batch, (row) => BigInt(row.bytes))),
          utf8Column(batch.map((row) => row.sha256)),
          utf8Column(batch.map((row) => row.perceptualHash)),
          utf8Column(batch.map((row) => row.group)),
        ]),
      );
    }
    arrow.finish();
  } finally {
    arrow.abandon();
  }
}

/** Writes `quarantine.csv`: path, id, label, reason; the header alone where nothing is bad. */
export async function writeQuarantine(file: string, rows: readonly QuarantinedRow[]): Promise<void> {
  await writeFile(file, stringify([...rows], { header: true, columns: ["path", "id", "label", "reason"] }));
}

/**
 * Writes `left-out.csv`: path, kind, hint: what lies below the data folder and is no photo of the
 * set.
 */
export async function writeLeftOut(file: string, leftOut: readonly LeftOut[]): Promise<void> {
  await writeFile(file, stringify([...leftOut], { header: true, columns: ["path", "kind", "hint"] }));
}

/** Writes `conflicts.csv`: sha256, path, id, label, rows with the same bytes together. */
export async function writeConflicts(file: string, rows: readonly ScannedRow[]): Promise<void> {
  await writeFile(file, stringify([...rows], { header: true, columns: ["sha256", "path", "id", "label"] }));
}

/** Writes a value as JSON, in `folder`. */
export async function writeJson(folder: string, name: string, value: unknown): Promise<void> {
  await writeFile(path.join(folder, name), `${JSON.stringify(value)}\n`);
}
