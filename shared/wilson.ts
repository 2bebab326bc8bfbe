/** Where a share lies, with 95 % confidence; both ends in [0, 1]. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The normal distribution's 97.5 % quantile. */
const z = 1.959963984540054;

/**
 * Wilson's score interval of a share, at 95 %: unlike the normal approximation it stays within [0, 1] and holds for few photos
 * and for shares near 1.
 *
 * Source: Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927, without continuity correction.
 *
 * @param right how many of the photos count, e.g. rightly classified
 * @param photos how many there are; with none the interval is all of [0, 1]
 */
export function wilsonInterval(right: number, photos: number): Interval {
  if (photos === 0) return { low: 0, high: 1 };
  const share = right / photos;
  const spread = (z * z) / photos;
  const centre = share + spread / 2;
  const half = z * Math.sqrt((share * (1 - share)) / photos + spread / (4 * photos));
  return {
    low: Math.max(0, (centre - half) / (1 + spread)),
    high: Math.min(1, (centre + half) / (1 + spread)),
  };
}
