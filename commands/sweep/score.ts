/** Mean and spread of a measure over the folds. */
export interface Spread {
  readonly mean: number;
  /** the sample's standard deviation, n - 1 below */
  readonly deviation: number;
  readonly values: readonly number[];
}

/** @param values at the least two for a deviation; of one it is 0 */
export function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)), values };
}

/** What counts when one of several settings is to be taken. */
export interface Candidate {
  readonly accuracy: Spread;
  readonly loss: Spread;
  /** how many blocks of the network are trained */
  readonly blocks: number;
  /** how far its settings are from the defaults, from 0 */
  readonly distance: number;
}

/** The most accurate first; of equally accurate ones the one with the lower loss. */
export function ranked<One extends Candidate>(candidates: readonly One[]): One[] {
  return [...candidates].sort((a, b) => b.accuracy.mean - a.accuracy.mean || a.loss.mean - b.loss.mean);
}

/** Standard error of the mean over the folds. */
export function standardError({ deviation, values }: Spread): number {
  return deviation / Math.sqrt(values.length);
}

/**
 * Which one to take: the cheapest whose mean accuracy is within one standard error of the best one's (Breiman, Friedman, Olshen
 * and Stone, "Classification and Regression Trees", 1984, section 3.4.3: the 1 SE rule). The cheapest trains the fewest blocks;
 * among those, the one that is nearest to the defaults.
 *
 * @param candidates ranked; null where there are none
 */
export function oneToTake<One extends Candidate>(candidates: readonly One[]): One | null {
  const [best] = candidates;
  if (best === undefined) return null;
  const enough = best.accuracy.mean - standardError(best.accuracy);
  return candidates
    .filter(({ accuracy }) => accuracy.mean >= enough)
    .reduce((a, b) => ((a.blocks - b.blocks || a.distance - b.distance) > 0 ? b : a));
}
