import type { AnsweredPhotos } from "./answered.ts";

/** What was taken for what. */
export interface Confusion {
  readonly classes: number;
  /** [truth, guess]: how many photos */
  readonly counts: Uint32Array;
}

/** A class taken for another. */
export interface ConfusedPair {
  readonly truth: number;
  readonly guess: number;
  readonly count: number;
  /** of the truth's photos, in (0, 1] */
  readonly share: number;
}

export declare function confusionOf(answered: AnsweredPhotos): Confusion;

/** The classes that were taken for others: most photos first, then the greater share of the truth's, then in class order. */
export declare function confusedPairs(confusion: Confusion): ConfusedPair[];
