import { Field, Int32, Schema, Utf8 } from "apache-arrow";
import { int32Column, recordBatch, utf8Column } from "../../shared/arrow/columns.ts";
import { createArrowFile } from "../../shared/arrow/file.ts";
import { tensorColumn, tensorField } from "../../shared/arrow/tensor.ts";
import type { IndexedPhotos } from "../../shared/photos.ts";
import type { OutOfFold } from "./out-of-fold.ts";

/** Bytes of logits in one record batch. */
const batchBytes = 32 << 20;

/**
 * Writes out-of-fold.arrow: a row for each labelled training row of the index, in its order. `row` is that row's number, `fold` from 0,
 * `label` the number of its class, `logits` the cross-validated head's, not calibrated.
 */
export function writeOutOfFold(file: string, photos: IndexedPhotos, table: OutOfFold): void {
  const classes = photos.classes.length;
  const logits = tensorField("logits", [classes], "float32");
  const number = (name: string) => new Field(name, new Int32());
  const schema = new Schema(
    [number("row"), new Field("id", new Utf8()), number("fold"), number("label"), logits],
    new Map([["labels", JSON.stringify(photos.classes)]]),
  );
  const rowsAtOnce = Math.max(1, Math.floor(batchBytes / (4 * classes)));
  const arrow = createArrowFile(file, schema);
  for (let first = 0; first < table.rows.length; first += rowsAtOnce) {
    const end = Math.min(first + rowsAtOnce, table.rows.length);
    const rows = table.rows.slice(first, end);
    arrow.append(
      recordBatch(schema, [
        int32Column(rows),
        utf8Column(Array.from(rows, (row) => photos.ids[row] ?? "")),
        int32Column(table.folds.slice(first, end)),
        int32Column(table.labels.slice(first, end)),
        tensorColumn(logits, table.logits.slice(first * classes, end * classes), rows.length),
      ]),
    );
  }
  arrow.finish();
}
