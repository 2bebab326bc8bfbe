import { logLoss } from "../../../shared/calibration/log-loss.ts";
import {
  balancedAccuracy,
  classScores,
  countAnswer,
  macroF1,
  noCounts,
  type ClassScore,
} from "../../../shared/class-counts.ts";
import { type Interval, wilsonInterval } from "../../../shared/wilson.ts";
import { answerOf, mostProbable, type AnsweredPhotos } from "./answered.ts";

/** How well one class is recognised. */
export interface ScoredClass extends ClassScore {
  /** its number */
  readonly class: number;
  /** how many photos are of it */
  readonly photos: number;
  /** how many were taken for it */
  readonly predicted: number;
}

/** How well the photos of a part are recognised. Shares in [0, 1]; NaN where there are no photos. */
export interface Scores {
  readonly photos: number;
  readonly accuracy: number;
  /** of the accuracy, at 95 % */
  readonly interval: Interval;
  /** mean recall of the classes that there are photos of */
  readonly balancedAccuracy: number;
  /** mean F1 of the classes that occur, in truth or among the predictions */
  readonly macroF1: number;
  /** share of photos whose right class is among the five most probable */
  readonly top5: number;
  /** mean −ln p of the right class */
  readonly loss: number;
  /** every class, in order */
  readonly perClass: readonly ScoredClass[];
}

/** Scores the photos of a part; of classes with the same probability the first is the prediction. */
export function scoresOf(answered: AnsweredPhotos): Scores {
  const { rows, labels, probabilities, classes } = answered;
  const counts = noCounts(classes);
  let amongFive = 0;
  labels.forEach((label, photo) => {
    const answer = answerOf(answered, photo);
    countAnswer(counts, label, mostProbable(answer));
    if (isAmongFive(answer, label)) amongFive++;
  });
  const right = counts.right.reduce((sum, count) => sum + count, 0);
  return {
    photos: rows.length,
    accuracy: right / rows.length,
    interval: wilsonInterval(right, rows.length),
    balancedAccuracy: balancedAccuracy(counts),
    macroF1: macroF1(counts),
    top5: amongFive / rows.length,
    loss: logLoss(probabilities, labels, classes),
    perClass: classScores(counts).map((score, c) => ({
      ...{ class: c, photos: counts.actual[c] as number, predicted: counts.predicted[c] as number },
      ...score,
    })),
  };
}

function isAmongFive(answer: Float32Array, label: number): boolean {
  const own = answer[label] as number;
  let better = 0;
  for (const probability of answer) if (probability > own) better++;
  return better < 5;
}
