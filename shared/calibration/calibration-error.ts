import { type Random, randomFor } from "../random.ts";

/** Photos whose confidence lies between two bounds: a point of a reliability diagram. */
export interface ConfidenceBin {
  /** the confidence is above this (the first bin: or equal to it) … */
  readonly from: number;
  /** … and at most this */
  readonly to: number;
  readonly photos: number;
  /** mean probability of their likeliest classes; null where there are no photos */
  readonly confidence: number | null;
  /** share of them whose likeliest class is the right one; null where there are no photos */
  readonly accuracy: number | null;
}

export interface CalibrationError {
  /** Σ photos / all · |accuracy − confidence|, in [0, 1]; NaN without photos */
  readonly ece: number;
  readonly bins: readonly ConfidenceBin[];
}

/** The number of bins that Guo et al. use. */
export const defaultBins = 15;

/**
 * The expected calibration error: how far, on average, the share that is right lies from the probability of the likeliest class, in
 * bins of equal width over [0, 1].
 *
 * Source: Guo et al., "On Calibration of Modern Neural Networks", 2017, equations 2, 3 and 5. With few photos it is above 0 for
 * whoever states exact probabilities too: see `calibrationNoiseFloor`.
 *
 * @param probabilities [rows, classes]
 * @param labels [rows]: numbers of classes
 */
export function expectedCalibrationError(
  probabilities: Float32Array,
  labels: ArrayLike<number>,
  classes: number,
  bins = defaultBins,
): CalibrationError {
  const confidences = new Float64Array(labels.length);
  const right = new Uint8Array(labels.length);
  for (let row = 0; row < labels.length; row++) {
    const best = likeliest(probabilities, row * classes, classes);
    confidences[row] = probabilities[row * classes + best] as number;
    right[row] = best === labels[row] ? 1 : 0;
  }
  return errorOf(confidences, right, bins);
}

/**
 * The calibration error of one who states exact probabilities, on so many photos in so many bins: the mean over draws of labels from
 * the stated probabilities themselves. An error near it says nothing against a network.
 *
 * @param probabilities [rows, classes]
 * @param draws more draws settle the mean; a function of seed and probabilities alone
 */
export function calibrationNoiseFloor(
  probabilities: Float32Array,
  classes: number,
  { bins = defaultBins, draws = 100, seed = 0 }: { bins?: number; draws?: number; seed?: number } = {},
): number {
  const random = randomFor("noise floor", seed);
  const confidences = Float64Array.from({ length: probabilities.length / classes }, (_, row) => {
    return probabilities[row * classes + likeliest(probabilities, row * classes, classes)] as number;
  });
  let sum = 0;
  for (let draw = 0; draw < draws; draw++) sum += errorOf(confidences, drawn(confidences, random), bins).ece;
  return sum / draws;
}

/** Whether the drawn label is the likeliest one: all that the error asks of it. */
function drawn(confidences: Float64Array, random: Random): Uint8Array {
  return Uint8Array.from(confidences, (confidence) => (random() < confidence ? 1 : 0));
}

function errorOf(confidences: Float64Array, right: Uint8Array, bins: number): CalibrationError {
  const [counts, sums, hits] = [new Float64Array(bins), new Float64Array(bins), new Float64Array(bins)];
  for (let row = 0; row < confidences.length; row++) {
    const confidence = confidences[row] as number;
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));
    counts[bin] = (counts[bin] as number) + 1;
    sums[bin] = (sums[bin] as number) + confidence;
    hits[bin] = (hits[bin] as number) + (right[row] as number);
  }
  // photos · |hits / photos − sum / photos|
  const gap = counts.reduce(
    (all, _, bin) => all + Math.abs((hits[bin] as number) - (sums[bin] as number)),
    0,
  );
  return {
    ece: gap / confidences.length,
    bins: Array.from(counts, (photos, bin) => ({
      from: bin / bins,
      to: (bin + 1) / bins,
      photos,
      confidence: photos === 0 ? null : (sums[bin] as number) / photos,
      accuracy: photos === 0 ? null : (hits[bin] as number) / photos,
    })),
  };
}

/** The first of the largest. */
function likeliest(values: Float32Array, start: number, classes: number): number {
  let best = 0;
  for (let c = 1; c < classes; c++)
    if ((values[start + c] as number) > (values[start + best] as number)) best = c;
  return best;
}
