import path from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect } from "vitest";
import { cleanViews } from "../../shared/arrow/clean-views.ts";
import { openArrowFile } from "../../shared/arrow/file.ts";
import { readIndexedPhotos } from "../../shared/photos.ts";
import { currentResult } from "./command-line.ts";

/**
 * Runs a run's model.onnx over the clean views of all its photos, and expects its answers to be those in features.arrow.
 *
 * @returns how many photos were asked about, how many of them validate, and how well the model does on those
 */
export async function modelAnswers(root: string, classes: readonly string[]) {
  const model = await InferenceSession.create(path.join(root, "model.onnx"));
  const photos = await readIndexedPhotos(await currentResult(root, "index"));
  const rowOf = new Map(photos.sha256s.map((sha256, row) => [sha256, row]));
  const exported = await openArrowFile(path.join(root, "features.arrow"));
  const batch = await exported.batch(0);
  const [probabilities, predictions] = [batch.getChild("probability"), batch.getChild("prediction")];
  let [checked, validated, right, loss] = [0, 0, 0, 0];
  for await (const { photos: names, rows, shape } of cleanViews(await currentResult(root, "augment"))) {
    const pixels = new Tensor("uint8", rows as Uint8Array, [names.length, ...shape]);
    const { probabilities: answer } = await model.run({ image: pixels });
    const values = answer?.data as Float32Array;
    for (const [i, sha256] of names.entries()) {
      const row = rowOf.get(sha256) ?? -1;
      const own = [...values.subarray(i * classes.length, (i + 1) * classes.length)];
      const best = own.indexOf(Math.max(...own));
      expect(own[best]).toBeCloseTo(Number(probabilities?.get(row)), 4);
      expect(classes[best]).toBe(predictions?.get(row));
      checked++;
      if (photos.splits[row] !== "validation") continue;
      validated++;
      loss -= Math.log(own[photos.labels[row] ?? -1] ?? NaN);
      if (best === photos.labels[row]) right++;
    }
  }
  await exported.close();
  await model.release();
  return { checked, validated, accuracy: right / validated, loss: loss / validated };
}
