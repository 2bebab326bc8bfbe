/** A class and how likely it is. */
export interface LabelProbability {
  readonly label: string;
  /** in [0, 1] */
  readonly probability: number;
}

/** What the classifier says of a photo. */
export interface Prediction extends LabelProbability {
  /** every class, the likeliest first; of equal ones the first in sorted order */
  readonly probabilities: readonly LabelProbability[];
}

/** The mean, class by class, of the probabilities of a photo's views, [views, classes]. */
export function meanOfViews(rows: Float32Array, classes: number): Float64Array {
  const views = rows.length / classes;
  const mean = new Float64Array(classes);
  for (let i = 0; i < rows.length; i++)
    mean[i % classes] = (mean[i % classes] as number) + (rows[i] as number) / views;
  return mean;
}

/** @param probabilities in the order of `labels` */
export function predictionOf(probabilities: Float64Array, labels: readonly string[]): Prediction {
  const ranked = labels
    .map((label, i) => ({ label, probability: probabilities[i] ?? 0 }))
    .sort((a, b) => b.probability - a.probability);
  const [best] = ranked;
  if (best === undefined) throw new Error("a classifier has a class");
  return { ...best, probabilities: ranked };
}
