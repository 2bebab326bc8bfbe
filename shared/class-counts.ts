/** Predictions counted by class: all that per-class figures need; grows with the classes, not with the photos. */
export interface ClassCounts {
  /** photos of each class that were recognised */
  readonly right: Float64Array;
  /** photos that were taken for each class */
  readonly predicted: Float64Array;
  /** photos that are of each class */
  readonly actual: Float64Array;
}

/** How well one class is recognised. Each in [0, 1]; null where it has no meaning. */
export interface ClassScore {
  /** of the photos taken for this class, the share that is; null where none was */
  readonly precision: number | null;
  /** of the photos of this class, the share that was recognised; null where there are none */
  readonly recall: number | null;
  /** 2 precision · recall / (precision + recall), 0 where none was recognised; null where the class does not occur */
  readonly f1: number | null;
}

export function noCounts(classes: number): ClassCounts {
  return {
    right: new Float64Array(classes),
    predicted: new Float64Array(classes),
    actual: new Float64Array(classes),
  };
}

/** Counts one more photo. */
export function countAnswer({ right, predicted, actual }: ClassCounts, label: number, guess: number): void {
  increment(actual, label);
  increment(predicted, guess);
  if (label === guess) increment(right, label);
}

/** The scores of every class. */
export function classScores({ right, predicted, actual }: ClassCounts): ClassScore[] {
  return Array.from(right, (hits, c) => {
    const [guessed, there] = [predicted[c] as number, actual[c] as number];
    return {
      precision: share(hits, guessed),
      recall: share(hits, there),
      f1: share(2 * hits, guessed + there),
    };
  });
}

/** The mean F1 of the classes that occur, in truth or among the predictions; NaN without photos. */
export function macroF1(counts: ClassCounts): number {
  return mean(classScores(counts).map(({ f1 }) => f1));
}

/** The mean recall of the classes that there are photos of: accuracy, if every class had as many. NaN without photos. */
export function balancedAccuracy(counts: ClassCounts): number {
  return mean(classScores(counts).map(({ recall }) => recall));
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function mean(values: readonly (number | null)[]): number {
  const known = values.filter((value) => value !== null);
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

function increment(counts: Float64Array, c: number): void {
  counts[c] = (counts[c] as number) + 1;
}
