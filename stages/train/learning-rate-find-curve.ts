/** A step of a range test. */
export interface TriedRate {
  readonly learningRate: number;
  /** of the step's batch, before the step */
  readonly loss: number;
  /** what the batch's examples weigh together */
  readonly weight: number;
}

/** A point of the smoothed curve, by rising rate. */
interface CurvePoint {
  readonly learningRate: number;
  readonly loss: number;
  readonly smoothedLoss: number;
  /** change of the smoothed loss with each decade of the rate */
  readonly slope: number;
}

export type Curve = readonly CurvePoint[];

/** How much of the running mean each new step leaves: that of about the last ten. */
const kept = 0.9;
/** The loss counts as diverging when its running mean is this many times the lowest that it was (fastai's learning rate finder). */
const tooHigh = 4;

/** Whether the loss has left for good: judged by a running mean, so that one odd batch decides nothing. */
export function isDiverging(tried: readonly TriedRate[]): boolean {
  let [sum, weights, best, mean] = [0, 0, Infinity, 0];
  for (const { loss, weight } of tried) {
    sum = kept * sum + loss * weight;
    weights = kept * weights + weight;
    mean = sum / weights;
    best = Math.min(best, mean);
  }
  return mean > tooHigh * best;
}

/** Decades to either side that a point's line is fitted to. */
const halfWidth = 0.25;

/**
 * The losses smoothed: at each rate the line that fits its neighbours best (weighted least squares over the rate's logarithm), its
 * height and its slope (Savitzky and Golay, 1964, of the first degree). Unlike a running mean it does not lag: a mean of the last
 * ten of a hundred steps would show what a rate does at one three times as high.
 */
export function curveOf(tried: readonly TriedRate[]): Curve {
  const places = tried.map(({ learningRate }) => Math.log10(learningRate));
  return tried.map(({ learningRate, loss }, i) => {
    const here = places[i] as number;
    // The widest window that has as much to the left as to the right; at the ends it would lean over.
    const reach = Math.max(
      Math.min(halfWidth, here - (places[0] as number), (places.at(-1) as number) - here),
      halfWidth / 2,
    );
    const near = tried.filter((_, j) => Math.abs((places[j] as number) - here) <= reach + 1e-9);
    const { height, slope } = lineThrough(
      near.map((one) => ({ ...one, x: Math.log10(one.learningRate) - here })),
    );
    return { learningRate, loss, smoothedLoss: height, slope };
  });
}

/** Height at 0 and slope of the line with the least weighted squares. */
function lineThrough(points: readonly { x: number; loss: number; weight: number }[]) {
  const sumOf = (value: (point: (typeof points)[number]) => number) =>
    points.reduce((sum, point) => sum + point.weight * value(point), 0);
  const weights = sumOf(() => 1);
  const [x, y] = [sumOf((point) => point.x) / weights, sumOf(({ loss }) => loss) / weights];
  const spread = sumOf((point) => (point.x - x) ** 2);
  const slope = spread === 0 ? 0 : sumOf((point) => (point.x - x) * (point.loss - y)) / spread;
  return { height: y - slope * x, slope };
}

/**
 * The rate at which the smoothed loss falls steepest over the rate's logarithm, before it is at its lowest: to two digits. Null where it falls
 * nowhere.
 */
export function suggestionOf(curve: Curve): number | null {
  const lowest = curve.reduce((best, { smoothedLoss }, i) => {
    return smoothedLoss < (curve[best]?.smoothedLoss ?? Infinity) ? i : best;
  }, 0);
  const falling = curve.slice(0, lowest + 1);
  const steepest = falling.reduce<CurvePoint | null>(
    (best, point) => (point.slope < (best?.slope ?? 0) ? point : best),
    null,
  );
  return steepest === null ? null : Number(steepest.learningRate.toPrecision(2));
}
