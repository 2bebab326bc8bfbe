import { type Means, matrixGraph, step, withGraph } from "./computing.ts";
import { type Matrix, rowsBetween, tensorOf } from "./matrix.ts";
import type { Answers } from "./method.ts";
import type { Machine } from "./smo.ts";

/** A pair of classes, and the machine that tells them apart; null where one of them has no rows. */
export interface Pair {
  readonly first: number;
  readonly second: number;
  readonly machine: Machine | null;
}

const weightedSum = matrixGraph(
  ["kernel n m", "coefficients n k"],
  ["values m k"],
  [step("Gemm", ["kernel", "coefficients"], "values", { transA: 1 })],
);

/** The decision values of each pair, in their order: [scored, pairs]; above 0 speaks for the first class. */
interface Decisions {
  readonly pairs: readonly Pair[];
  readonly values: Matrix;
}

/** @param kernel [training rows sorted by class, scored] */
export async function decisions(
  kernel: Matrix,
  starts: readonly number[],
  pairs: readonly Pair[],
  means: Means,
): Promise<Decisions> {
  const scored = kernel.columns;
  const values = new Float32Array(scored * pairs.length);
  const start = Float32Array.from(pairs, (pair) => valueWithoutRows(pair, starts));
  for (let row = 0; row < scored; row++) values.set(start, row * pairs.length);
  await withGraph(weightedSum, means, async (run) => {
    for (let own = 0; own + 1 < starts.length; own++) {
      const [first, end] = [starts[own] as number, starts[own + 1] as number];
      const mine = [...pairs.keys()].filter((p) => isOf(own, pairs[p] as Pair));
      if (end === first || mine.length === 0) continue;
      const coefficients = coefficientsOf(
        own,
        end - first,
        mine.map((p) => pairs[p] as Pair),
      );
      const outputs = await run({
        kernel: tensorOf(rowsBetween(kernel, first, end)),
        coefficients: tensorOf(coefficients),
      });
      addTo(values, pairs.length, outputs("values"), mine);
    }
  });
  return { pairs, values: { rows: scored, columns: pairs.length, data: values } };
}

/** What is decided before any row of the two classes is asked: a class without rows is never the answer. */
function valueWithoutRows({ second, machine }: Pair, starts: readonly number[]): number {
  if (machine !== null) return -machine.offset;
  return starts[second] === starts[second + 1] ? 1 : -1;
}

/** Adds each column of `what` to that of `to` which `places` names. */
function addTo(to: Float32Array, width: number, what: Matrix, places: readonly number[]): void {
  const { rows, columns, data } = what;
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < columns; k++) {
      const at = row * width + (places[k] as number);
      to[at] = (to[at] as number) + (data[row * columns + k] as number);
    }
}

/** Whether a class's rows count in a pair's machine. */
function isOf(own: number, { first, second, machine }: Pair): boolean {
  return machine !== null && (first === own || second === own);
}

/** What the rows of one class count in each of its pairs: [rows, pairs]. */
function coefficientsOf(own: number, rows: number, pairs: readonly Pair[]): Matrix {
  const data = new Float32Array(rows * pairs.length);
  for (const [k, { first, machine }] of pairs.entries()) {
    const coefficients = machine?.coefficients ?? new Float64Array(0);
    const from = first === own ? 0 : coefficients.length - rows;
    for (let i = 0; i < rows; i++) data[i * pairs.length + k] = coefficients[from + i] as number;
  }
  return { rows, columns: pairs.length, data };
}

/**
 * The class with the most votes, of equals the first, as libsvm; and a score for each class, its votes and, as a fraction of one, the sum of
 * its decision values, as scikit-learn's `_ovr_decision_function` (1.9, utils/multiclass.py).
 */
export function voted({ pairs, values: { rows, columns, data } }: Decisions, classes: number): Answers {
  const scores = new Float32Array(rows * classes);
  const predicted = new Int32Array(rows);
  const votes = new Float64Array(classes);
  const sums = new Float64Array(classes);
  for (let row = 0; row < rows; row++) {
    votes.fill(0);
    sums.fill(0);
    for (let p = 0; p < columns; p++) {
      const { first, second } = pairs[p] as Pair;
      const value = data[row * columns + p] as number;
      const winner = value > 0 ? first : second;
      votes[winner] = (votes[winner] as number) + 1;
      sums[first] = (sums[first] as number) + value;
      sums[second] = (sums[second] as number) - value;
    }
    predicted[row] = votes.indexOf(Math.max(...votes));
    for (let i = 0; i < classes; i++) {
      const sum = sums[i] as number;
      scores[row * classes + i] = (votes[i] as number) + sum / (3 * (Math.abs(sum) + 1));
    }
  }
  return { predicted, scores: { rows, columns: classes, data: scores } };
}
