import { balancedAccuracy, countAnswer, macroF1, noCounts } from "../../shared/class-counts.ts";
import type { IndexedPhotos, Split } from "../../shared/photos.ts";
import { wilsonInterval } from "../../shared/wilson.ts";
import type { Predictions } from "./predictions.ts";

/** How the classifier does on a part of the labelled photos. */
export interface PartScore {
  readonly photos: number;
  readonly right: number;
  readonly accuracy: number;
  /** within which the accuracy lies, with 95 % confidence: Wilson's, from low to high */
  readonly interval: readonly [number, number];
  /** mean recall of the classes that there are photos of */
  readonly balancedAccuracy: number;
  /** mean F1 of the classes that occur, in truth or among the predictions */
  readonly macroF1: number;
  /** mean of −log p of the right class, of the calibrated probabilities */
  readonly logLoss: number;
}

/** Scores a part of the photos; null where there are none in it. */
export function scorePart(
  { splits, labels, classes }: IndexedPhotos,
  predictions: Predictions,
  part: Split,
): PartScore | null {
  const counts = noCounts(classes.length);
  let [photos, right, loss] = [0, 0, 0];
  splits.forEach((split, row) => {
    const [label, guess] = [labels[row] as number, predictions.classes[row] as number];
    if (split !== part || label === -1) return;
    countAnswer(counts, label, guess);
    photos++;
    if (label === guess) right++;
    loss += predictions.losses[row] as number;
  });
  if (photos === 0) return null;
  const { low, high } = wilsonInterval(right, photos);
  return {
    ...{ photos, right, accuracy: right / photos, interval: [low, high] },
    ...{ balancedAccuracy: balancedAccuracy(counts), macroF1: macroF1(counts), logLoss: loss / photos },
  };
}

/** The test part's score, and beside it the validation part's, which had a say in what was scored. */
export function scoresInWords(test: PartScore, validation: PartScore | null): string {
  const chosen =
    validation === null
      ? "the last epoch was taken, as there are no validation photos"
      : `validation ${accuracyInWords(validation)}; validation chose the epoch, the test part chose nothing`;
  return `test part, scored once: accuracy ${accuracyInWords(test)}; ${chosen}`;
}

function accuracyInWords({ accuracy, interval: [low, high], photos }: PartScore): string {
  const percent = (share: number) => (100 * share).toFixed(1);
  return `${percent(accuracy)} % of ${photos} photos (95 %: ${percent(low)} to ${percent(high)})`;
}
