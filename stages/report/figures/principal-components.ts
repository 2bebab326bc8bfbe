import { EigenvalueDecomposition, Matrix, QrDecomposition } from "ml-matrix";
import { type Random, randomFor } from "../../../shared/random.ts";

/** Rows in the coordinates of their largest spread. */
export interface PrincipalComponents {
  /** [rows, components], the largest first, centred */
  readonly scores: Matrix;
  /** the share of the whole variance that they hold, in [0, 1]; 1 where all rows are the same */
  readonly variance: number;
}

/** Directions drawn beyond those wanted, and passes over the rows: enough for 99 % of the variance that the best ones hold. */
const [spare, passes] = [10, 2];

/**
 * Principal components of many long rows, without their whole decomposition (which takes minutes for 2,000 × 2,048): the
 * subspace in which the rows spread most is found by subspace iteration from random directions, and decomposed in there.
 *
 * Source: Halko, Martinsson and Tropp, "Finding Structure with Randomness", 2011, algorithms 4.4 and 5.1.
 *
 * @param vectors [count, width]
 * @param wanted how many components; at most count and width are found
 */
export function principalComponents(
  vectors: Float32Array,
  count: number,
  wanted: number,
  seed: number,
): PrincipalComponents {
  const rows = centred(vectors, count);
  const width = rows.length / count;
  const directions = Math.min(wanted + spare, count, width);
  let basis = orthonormal(product(rows, normals(width, directions, randomFor("components", seed))));
  for (let pass = 0; pass < passes; pass++)
    basis = orthonormal(product(rows, orthonormal(transposedProduct(rows, basis))));

  const within = transposedProduct(rows, basis);
  const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(
    within.transpose().mmul(within),
    { assumeSymmetric: true },
  );
  const largest = realEigenvalues
    .map((value, at) => ({ value: Math.max(0, value), at }))
    .sort((a, b) => b.value - a.value)
    .slice(0, wanted);
  const scores = basis.mmul(eigenvectorMatrix.subMatrixColumn(largest.map(({ at }) => at)));
  largest.forEach(({ value }, component) => scores.mulColumn(component, Math.sqrt(value)));

  const whole = rows.reduce((sum, value) => sum + value * value, 0);
  const held = largest.reduce((sum, { value }) => sum + value, 0);
  return { scores, variance: whole === 0 ? 1 : Math.min(1, held / whole) };
}

function centred(vectors: Float32Array, count: number): Float64Array {
  const rows = Float64Array.from(vectors);
  const width = rows.length / count;
  for (let c = 0; c < width; c++) {
    let sum = 0;
    for (let at = c; at < rows.length; at += width) sum += rows[at] as number;
    for (let at = c; at < rows.length; at += width) rows[at] = (rows[at] as number) - sum / count;
  }
  return rows;
}

/** rows · directions: in less time than ml-matrix's `mmul` takes for so few columns, and without the rows transposed. */
function product(rows: Float64Array, directions: Matrix): Matrix {
  const flat = Float64Array.from(directions.to1DArray());
  const { rows: width, columns: count } = directions;
  const result = new Float64Array((rows.length / width) * count);
  for (let row = 0, to = 0; row < rows.length; row += width, to += count)
    for (let c = 0; c < width; c++) addScaled(result, to, flat, c * count, count, rows[row + c] as number);
  return Matrix.from1DArray(rows.length / width, count, result);
}

/** rowsᵀ · columns */
function transposedProduct(rows: Float64Array, columns: Matrix): Matrix {
  const flat = Float64Array.from(columns.to1DArray());
  const { rows: height, columns: count } = columns;
  const width = rows.length / height;
  const result = new Float64Array(width * count);
  for (let row = 0; row < height; row++)
    for (let c = 0; c < width; c++)
      addScaled(result, c * count, flat, row * count, count, rows[row * width + c] as number);
  return Matrix.from1DArray(width, count, result);
}

function addScaled(
  to: Float64Array,
  toStart: number,
  from: Float64Array,
  fromStart: number,
  count: number,
  scale: number,
): void {
  for (let i = 0; i < count; i++)
    to[toStart + i] = (to[toStart + i] as number) + scale * (from[fromStart + i] as number);
}

function orthonormal(columns: Matrix): Matrix {
  return new QrDecomposition(columns).orthogonalMatrix;
}

/** Normally distributed numbers (Box and Muller, 1958). */
function normals(rows: number, columns: number, random: Random): Matrix {
  const matrix = new Matrix(rows, columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const length = Math.sqrt(-2 * Math.log(1 - random()));
      matrix.set(row, column, length * Math.cos(2 * Math.PI * random()));
    }
  return matrix;
}
