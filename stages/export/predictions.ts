import type { IndexedPhotos } from "../../shared/photos.ts";

/** The classifier's answer for every photo, in index order. */
export interface Predictions {
  /** numbers of classes */
  readonly classes: Int32Array;
  /** of that class, in [0, 1] */
  readonly probabilities: Float32Array;
}

export function noPredictions({ count }: IndexedPhotos): Predictions {
  return { classes: new Int32Array(count), probabilities: new Float32Array(count) };
}

/**
 * Fills in what the classifier says of some photos.
 *
 * @param logits [photos, classes]
 * @param rowsOf the index's rows of a photo
 */
export function addPredictions(
  predictions: Predictions,
  photos: readonly string[],
  logits: Float32Array,
  rowsOf: ReadonlyMap<string, readonly number[]>,
): void {
  const classes = logits.length / photos.length;
  for (const [i, sha256] of photos.entries()) {
    const { best, probability } = answerOf(logits.subarray(i * classes, (i + 1) * classes));
    for (const row of rowsOf.get(sha256) ?? []) {
      predictions.classes[row] = best;
      predictions.probabilities[row] = probability;
    }
  }
}

/** The class with the highest score, and its share in the softmax of all. */
function answerOf(scores: Float32Array): { best: number; probability: number } {
  let best = 0;
  scores.forEach((score, i) => {
    if (score > (scores[best] as number)) best = i;
  });
  const highest = scores[best] as number;
  const sum = scores.reduce((total, score) => total + Math.exp(score - highest), 0);
  return { best, probability: 1 / sum };
}
