import { EigenvalueDecomposition, Matrix, QrDecomposition } from "ml-matrix";
import { type Random, randomFor } from "../../../shared/random.ts";

/** Rows in the coordinates of their largest spread. */
export interface PrincipalComponents {
  /** [rows, components], the largest first, centred */
  readonly scores: Matrix;
  /** the share of the whole variance that they hold, in [0, 1]; 1 where all rows are the same */
  readonly variance: number;
}

/** Directions drawn beyond those wanted, and passes over the rows: what Halko et al. find to be ample. */
const [spare, passes] = [10, 4];

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
  const columns = rows.transpose();
  const directions = Math.min(wanted + spare, rows.rows, rows.columns);
  let basis = orthonormal(rows.mmul(normals(rows.columns, directions, randomFor("components", seed))));
  for (let pass = 0; pass < passes; pass++) basis = orthonormal(rows.mmul(orthonormal(columns.mmul(basis))));

  const within = basis.transpose().mmul(rows);
  const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(
    within.mmul(within.transpose()),
    { assumeSymmetric: true },
  );
  const largest = realEigenvalues
    .map((value, at) => ({ value: Math.max(0, value), at }))
    .sort((a, b) => b.value - a.value)
    .slice(0, wanted);
  const scores = basis.mmul(eigenvectorMatrix.subMatrixColumn(largest.map(({ at }) => at)));
  largest.forEach(({ value }, component) => scores.mulColumn(component, Math.sqrt(value)));

  const whole = rows.norm("frobenius") ** 2;
  const held = largest.reduce((sum, { value }) => sum + value, 0);
  return { scores, variance: whole === 0 ? 1 : Math.min(1, held / whole) };
}

function centred(vectors: Float32Array, count: number): Matrix {
  const width = vectors.length / count;
  const rows = new Matrix(count, width);
  for (let row = 0; row < count; row++)
    for (let c = 0; c < width; c++) rows.set(row, c, vectors[row * width + c] as number);
  return rows.center("column");
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
