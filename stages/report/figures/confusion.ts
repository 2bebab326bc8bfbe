import { answerOf, mostProbable, type AnsweredPhotos } from "./answered.ts";

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

export function confusionOf(answered: AnsweredPhotos): Confusion {
  const { labels, classes } = answered;
  const counts = new Uint32Array(classes * classes);
  labels.forEach((truth, photo) => {
    const cell = truth * classes + mostProbable(answerOf(answered, photo));
    counts[cell] = (counts[cell] as number) + 1;
  });
  return { classes, counts };
}

/** The classes that were taken for others: most photos first, then the greater share of the truth's, then in class order. */
export function confusedPairs({ classes, counts }: Confusion): ConfusedPair[] {
  const pairs: ConfusedPair[] = [];
  for (let truth = 0; truth < classes; truth++) {
    const row = counts.subarray(truth * classes, (truth + 1) * classes);
    const photos = row.reduce((sum, count) => sum + count, 0);
    row.forEach((count, guess) => {
      if (guess !== truth && count > 0) pairs.push({ truth, guess, count, share: count / photos });
    });
  }
  return pairs.sort((a, b) => b.count - a.count || b.share - a.share);
}
