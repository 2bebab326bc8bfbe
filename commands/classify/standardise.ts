import type { Matrix } from "./matrix.ts";

/** What is subtracted from each column, and what it is divided by. */
export interface Standardisation {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/**
 * Mean and population standard deviation of each column, as scikit-learn's StandardScaler takes them; a constant column is divided
 * by 1.
 */
export function standardisationOf({ rows, columns, data }: Matrix): Standardisation {
  const mean = new Float64Array(columns);
  const deviation = new Float64Array(columns);
  for (let i = 0; i < data.length; i += columns)
    for (let j = 0; j < columns; j++) mean[j] = (mean[j] as number) + (data[i + j] as number) / rows;
  for (let i = 0; i < data.length; i += columns)
    for (let j = 0; j < columns; j++)
      deviation[j] = (deviation[j] as number) + ((data[i + j] as number) - (mean[j] as number)) ** 2 / rows;
  for (let j = 0; j < columns; j++) {
    // What rounding leaves of the variance of a constant column counts as none (sklearn 1.9, preprocessing/_data.py, _is_constant_feature).
    const noise =
      rows * Number.EPSILON * (deviation[j] as number) + (rows * (mean[j] as number) * Number.EPSILON) ** 2;
    deviation[j] = (deviation[j] as number) <= noise ? 1 : Math.sqrt(deviation[j] as number);
  }
  return { mean, deviation };
}

/** The matrix standardised, and, where asked for, a last column of ones for an intercept. */
export function standardised(
  { rows, columns, data }: Matrix,
  { mean, deviation }: Standardisation,
  { withOnes = false } = {},
): Matrix {
  const width = columns + Number(withOnes);
  const made = new Float32Array(rows * width);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++)
      made[i * width + j] =
        ((data[i * columns + j] as number) - (mean[j] as number)) / (deviation[j] as number);
    if (withOnes) made[i * width + columns] = 1;
  }
  return { rows, columns: width, data: made };
}
