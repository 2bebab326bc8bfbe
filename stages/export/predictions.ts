import { logLossOfLogits } from "../../shared/calibration/log-loss.ts";
import type { IndexedPhotos } from "../../shared/photos.ts";
import type { Answers } from "./answers.ts";

/** The classifier's answer for every photo, in index order. */
export interface Predictions {
  /** numbers of classes */
  readonly classes: Int32Array;
  /** of that class, in [0, 1] */
  readonly probabilities: Float32Array;
  /** −log of the right class's probability; NaN where the photo is unlabelled */
  readonly losses: Float64Array;
}

export function noPredictions({ count }: IndexedPhotos): Predictions {
  return {
    classes: new Int32Array(count),
    probabilities: new Float32Array(count),
    losses: new Float64Array(count).fill(NaN),
  };
}

/**
 * Fills in what the classifier says of some photos.
 *
 * @param probabilities [photos, classes]: of the answers' logits
 * @param rowsOf the index's rows of a photo
 */
export function addPredictions(
  predictions: Predictions,
  { photos: names, logits }: Pick<Answers, "photos" | "logits">,
  probabilities: Float32Array,
  { labels }: IndexedPhotos,
  rowsOf: ReadonlyMap<string, readonly number[]>,
): void {
  const classes = logits.length / names.length;
  for (const [i, sha256] of names.entries()) {
    const scores = logits.subarray(i * classes, (i + 1) * classes);
    const best = largest(scores);
    for (const row of rowsOf.get(sha256) ?? []) {
      const label = labels[row] as number;
      predictions.classes[row] = best;
      predictions.probabilities[row] = probabilities[i * classes + best] as number;
      if (label !== -1) predictions.losses[row] = logLossOfLogits(scores, [label], classes);
    }
  }
}

/** The first of the largest. */
function largest(scores: Float32Array): number {
  let best = 0;
  scores.forEach((score, i) => {
    if (score > (scores[best] as number)) best = i;
  });
  return best;
}
