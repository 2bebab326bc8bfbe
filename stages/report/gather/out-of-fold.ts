import { openArrowFile } from "../../../shared/arrow/file.ts";
import { tensorRows } from "../../../shared/arrow/tensor.ts";
import type { Artifact } from "../../../shared/artifacts/types.ts";
import { softmaxRows } from "../../../shared/calibration/softmax.ts";
import type { AnsweredPhotos } from "../figures/answered.ts";

/**
 * What classifiers that were not trained on them say of the training photos, calibrated; null where training made none
 * (`--calibration-folds 0`).
 */
export async function readOutOfFold(
  train: Artifact,
  classes: number,
  temperature: number,
): Promise<AnsweredPhotos | null> {
  if (!train.manifest.files.some(({ name }) => name === "out-of-fold.arrow")) return null;
  const table = await openArrowFile(train.file("out-of-fold.arrow"));
  try {
    const rows: number[] = [];
    const labels: number[] = [];
    const logits: Float32Array[] = [];
    for (let i = 0; i < table.batches; i++) {
      const batch = await table.batch(i);
      rows.push(...numbersOf(batch.getChild("row")));
      labels.push(...numbersOf(batch.getChild("label")));
      logits.push(tensorRows(batch, "logits") as Float32Array);
    }
    if (rows.length === 0) return null;
    return {
      rows: Int32Array.from(rows),
      labels: Int32Array.from(labels),
      probabilities: softmaxRows(joined(logits), classes, temperature),
      classes,
    };
  } finally {
    await table.close();
  }
}

function* numbersOf(column: Iterable<unknown> | null): Generator<number> {
  for (const value of column ?? []) yield Number(value);
}

function joined(pieces: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
