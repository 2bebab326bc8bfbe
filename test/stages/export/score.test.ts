import { expect, test } from "vitest";
import { softmaxRows } from "../../../shared/calibration/softmax.ts";
import type { IndexedPhotos } from "../../../shared/photos.ts";
import { addPredictions, noPredictions } from "../../../stages/export/predictions.ts";
import { scorePart, scoresInWords } from "../../../stages/export/score.ts";

const logits = Float32Array.from([
  ...[5.06, -3.83, 0.63, 1.15, -0.68, -0.32, -1.03, -0.35, -1.3, 6.98, 0.34, -0.53, -0.42, 1.0, -1.58],
  ...[-0.59, 2.72, -0.36, 1.44, -0.3, 2.04, 2.32, 0.82, 1.24, -0.27, 0.81, 4.9, 1.6, -0.37, 1.5],
]);
const labels = [0, 0, 0, 0, 1, 1, 2, 2, 2, 0];

/** Ten test photos, the first of them once more as a validation photo, and an unlabelled one. */
const names = [...labels.map((_, i) => `photo ${i}`), "photo 0", "photo 1"];
const photos: IndexedPhotos = {
  ...{ count: 12, ids: names, paths: names, sha256s: names, classes: ["a", "b", "c"] },
  labels: Int32Array.of(...labels, 0, -1),
  splits: [...labels.map(() => "test" as const), "validation", null],
  perceptualHashes: names,
  groups: names.map(() => null),
};
const rowsOf = new Map(names.map((name) => [name, names.flatMap((one, row) => (one === name ? [row] : []))]));

function scored(part: "train" | "validation" | "test") {
  const predictions = noPredictions(photos);
  // In two batches, as the engine gives them.
  for (const [first, end] of [
    [0, 7],
    [7, 10],
  ] as const) {
    const batch = { photos: names.slice(first, end), logits: logits.subarray(3 * first, 3 * end) };
    addPredictions(predictions, batch, softmaxRows(batch.logits, 3), photos, rowsOf);
  }
  return scorePart(photos, predictions, part);
}

test("a part's figures are scikit-learn's and SciPy's", () => {
  // sklearn.metrics' balanced_accuracy_score, f1_score(average="macro"), log_loss; scipy.stats.binomtest's proportion_ci("wilson")
  expect(scored("test")).toEqual({
    ...{ photos: 10, right: 8, accuracy: 0.8 },
    interval: [expect.closeTo(0.4901624715366418, 12), expect.closeTo(0.9433178485456248, 12)],
    balancedAccuracy: expect.closeTo(0.8222222222222223, 12) as number,
    macroF1: expect.closeTo(0.8, 12) as number,
    logLoss: expect.closeTo(0.4778195397540726, 6) as number,
  });
});

test("a photo that is in two parts counts in both, one without a label in none, and a part without photos has no score", () => {
  expect(scored("validation")).toMatchObject({ photos: 1, right: 1, accuracy: 1 });
  expect(scored("train")).toBeNull();
});

test("the test part's figure is said with its interval beside the validation figure, and which of them chose", () => {
  const [tested, validated] = [scored("test"), scored("validation")];
  if (tested === null) throw new Error("there are test photos");
  expect(scoresInWords(tested, validated)).toBe(
    "test part, scored once: accuracy 80.0 % of 10 photos (95 %: 49.0 to 94.3); " +
      "validation 100.0 % of 1 photos (95 %: 20.7 to 100.0); validation chose the epoch, the test part chose nothing",
  );
  expect(scoresInWords(tested, null)).toContain("the last epoch was taken");
});
