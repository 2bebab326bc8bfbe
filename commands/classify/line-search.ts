/** A function of one variable and its derivative there. */
export interface Slope {
  readonly value: number;
  readonly slope: number;
}

/** Constants of the Wolfe conditions, as Nocedal and Wright recommend for quasi-Newton directions. */
const decrease = 1e-4;
const curvature = 0.9;
const mostTrials = 25;

/** A step's length and what was found there. */
interface Trial<Found extends Slope> {
  readonly length: number;
  readonly found: Found;
}

/**
 * A step that meets the strong Wolfe conditions (Nocedal and Wright, "Numerical Optimization", 2nd edition, algorithms 3.5 and 3.6);
 * null where none was found in 25 trials.
 *
 * @param here at length 0; its slope is negative
 * @param first the length to try first
 * @param rounding relative error of values: a rise of so much is none
 */
export async function lineSearch<Found extends Slope>(
  along: (length: number) => Promise<Found>,
  here: Slope,
  first: number,
  rounding: number,
): Promise<Found | null> {
  const noise = rounding * Math.abs(here.value);
  const tooHigh = ({ length, found }: Trial<Slope>) =>
    !(found.value <= here.value + decrease * length * here.slope + noise);
  const flat = ({ found }: Trial<Slope>) => Math.abs(found.slope) <= -curvature * here.slope;
  if (!(here.slope < 0)) return null;

  let low: Trial<Slope> = { length: 0, found: here };
  let high: Trial<Slope> | null = null;
  let length = first;
  for (let trials = 0; trials < mostTrials; trials++) {
    const trial = { length, found: await along(length) };
    if (tooHigh(trial) || (trial.found.value > low.found.value + noise && low.length > 0)) high = trial;
    else if (flat(trial)) return trial.found;
    else {
      // Where the slope points back at low, the minimum is between the two.
      const back =
        high === null ? trial.found.slope >= 0 : trial.found.slope * (high.length - low.length) >= 0;
      if (back) high = low;
      low = trial;
    }
    length = high === null ? 2 * low.length : between(low, high);
  }
  return null;
}

/** Where the cubic through two points with their slopes is lowest (equation 3.59), kept a tenth away from both ends. */
function between(low: Trial<Slope>, high: Trial<Slope>): number {
  const width = high.length - low.length;
  const d1 = low.found.slope + high.found.slope + (3 * (low.found.value - high.found.value)) / width;
  const root = Math.sqrt(Math.max(0, d1 * d1 - low.found.slope * high.found.slope)) * Math.sign(width);
  const share = 1 - (high.found.slope + root - d1) / (high.found.slope - low.found.slope + 2 * root);
  return low.length + width * (Number.isFinite(share) ? Math.min(0.9, Math.max(0.1, share)) : 0.5);
}
