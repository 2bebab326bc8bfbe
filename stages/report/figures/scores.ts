import type { ClassScore } from "../../../shared/class-counts.ts";
import type { Interval } from "../../../shared/wilson.ts";
import type { AnsweredPhotos } from "./answered.ts";

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
export declare function scoresOf(answered: AnsweredPhotos): Scores;
