import type { AnsweredPhotos } from "./answered.ts";

/** A training photo and how its given label fares with a classifier that has not seen it. */
export interface LabelledPhoto {
  /** its row number in the index */
  readonly row: number;
  /** the class that its label says */
  readonly given: number;
  /** the class that it probably is: the most probable of the others */
  readonly likely: number;
  /** probability of the given class */
  readonly selfConfidence: number;
  /** probability of the given class less that of the most probable other, in [−1, 1] */
  readonly margin: number;
  /** whether confident learning counts it as mislabelled */
  readonly suspected: boolean;
}

/** What confident learning says of the labels. */
export interface LabelErrors {
  /** of each class, the mean probability of it among the photos labelled so; NaN where there are none */
  readonly thresholds: Float64Array;
  /** [given, likely]: photos that are confidently of a class */
  readonly confidentJoint: Uint32Array;
  /** how many are counted as mislabelled */
  readonly suspected: number;
  /** every photo, the most doubtful label first */
  readonly ranked: readonly LabelledPhoto[];
}

/**
 * Finds labels that are probably wrong by confident learning.
 *
 * Source: Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", 2021.
 *
 * @param outOfFold calibrated probabilities of photos from classifiers that were not trained on them
 */
export declare function labelErrors(outOfFold: AnsweredPhotos): LabelErrors;

/** The most doubtful share of the labels, rounded up. */
export declare function mostDoubtful(errors: LabelErrors, share: number): readonly LabelledPhoto[];
