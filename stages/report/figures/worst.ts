import type { AnsweredPhotos } from "./answered.ts";

/** One photo and what the classifier says of it. */
export interface JudgedPhoto {
  /** its row number in the index */
  readonly row: number;
  readonly truth: number;
  /** the most probable class */
  readonly guess: number;
  /** of the guess */
  readonly probability: number;
  /** of the true class */
  readonly truthProbability: number;
  /** the second most probable class */
  readonly second: number;
  /** of the second */
  readonly secondProbability: number;
}

/** The photos that are most surely taken for something else: highest probability of a wrong guess first. */
export declare function mostWrong(answered: AnsweredPhotos, count: number): JudgedPhoto[];

/** The photos between two classes: smallest difference of the two highest probabilities first. */
export declare function mostUnsure(answered: AnsweredPhotos, count: number): JudgedPhoto[];
