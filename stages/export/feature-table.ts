import { Field, Float32, Schema, Utf8 } from "apache-arrow";
import { float32Column, recordBatch, utf8Column, words } from "../../shared/arrow/columns.ts";
import { createArrowFile } from "../../shared/arrow/file.ts";
import { readNpyRows } from "../../shared/arrow/npy.ts";
import { sizeOf, tensorColumn, tensorField } from "../../shared/arrow/tensor.ts";
import { type IndexedPhotos, splits } from "../../shared/photos.ts";
import type { Features } from "./features.ts";
import type { Predictions } from "./predictions.ts";

/** Bytes of features in one record batch: readers like 16 to 64 MB, and memory holds one. */
const batchBytes = 32 << 20;

/**
 * Writes `features.arrow`: id, path, label, split, features, prediction, probability of every photo
 * in index order, the features taken from `features.npy`.
 *
 * @param predictions null: nothing was trained; the table has no such columns then, as null would
 * say that a classifier is silent
 */
export async function writeFeatureTable(
  file: string,
  npy: string,
  photos: IndexedPhotos,
  predictions: Predictions | null,
  { shape, metadata }: Features,
): Promise<void> {
  const labelWords = words(0, photos.classes);
  const splitWords = words(1, splits);
  const tensor = tensorField("features", shape, "float32");
  const schema = new Schema(
    [
      new Field("id", new Utf8()),
      new Field("path", new Utf8()),
      labelWords.field("label"),
      splitWords.field("split"),
      tensor,
      ...(predictions === null
        ? []
        : [labelWords.field("prediction"), new Field("probability", new Float32())]),
    ],
    new Map([...Object.entries(metadata), ["labels", JSON.stringify(photos.classes)]]),
  );
  const splitNumbers = Int32Array.from(photos.splits, (split) =>
    split === null ? -1 : splits.indexOf(split),
  );
  const rowsAtOnce = Math.max(1, Math.floor(batchBytes / (4 * sizeOf(shape))));
  const arrow = createArrowFile(file, schema);
  for (let first = 0; first < photos.count; first += rowsAtOnce) {
    const end = Math.min(first + rowsAtOnce, photos.count);
    const { rows } = await readNpyRows(npy, first, end - first);
    const columns = [
      utf8Column(photos.ids.slice(first, end)),
      utf8Column(photos.paths.slice(first, end)),
      labelWords.column(photos.labels.slice(first, end)),
      splitWords.column(splitNumbers.slice(first, end)),
      tensorColumn(tensor, rows as Float32Array, end - first),
      ...(predictions === null
        ? []
        : [
            labelWords.column(predictions.classes.slice(first, end)),
            float32Column(predictions.probabilities.slice(first, end)),
          ]),
    ];
    arrow.append(recordBatch(schema, columns));
  }
  arrow.finish();
}
