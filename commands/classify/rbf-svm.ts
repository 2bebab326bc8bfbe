import { inParallel } from "../../shared/parallel.ts";
import { type Means, matrixGraph, step, withGraph } from "./computing.ts";
import { gaussianKernel, squaredDistances } from "./kernel.ts";
import { type Matrix, rowsBetween, rowsOf, tensorOf } from "./matrix.ts";
import type { Answers, Method, Settings } from "./method.ts";
import { rungs } from "./rungs.ts";
import type { Machine } from "./smo.ts";
import { standardisationOf, standardised } from "./standardise.ts";

/** The kernel of so many training rows, and their distances, are 3.2 GB. */
const mostRows = 20_000;
/** Pairs of classes are solved in about so many tasks. */
const tasks = 32;

/** scikit-learn's `SVC(C, gamma)`, on standardised features: a machine for every two classes, the class with the most votes. */
export const rbfSvm: Method = {
  name: "rbf-svm",
  title: "RBF SVM",
  scores: "decision values",
  settings: (_, columns) =>
    [0.1, 0.32, 1].flatMap((share) =>
      rungs(1, 10).map((C) => ({ C, gamma: Number((share / columns).toPrecision(3)) })),
    ),
  ladders: ["C"],
  refusal: (rows) =>
    rows > mostRows
      ? `${rows} training rows would take a kernel of ${((4 * rows * rows) / 1e9).toFixed(1)} GB; at most ${mostRows} rows are taken`
      : null,
  async answers({ training, labels, classes, scored }, settings, means) {
    const order = Int32Array.from(labels.keys()).sort(
      (a, b) => (labels[a] as number) - (labels[b] as number) || a - b,
    );
    const starts = startsOf(labels, classes);
    const standardisation = standardisationOf(training);
    const x = standardised(rowsOf(training, order), standardisation);
    const between = await squaredDistances(x, x, means);
    const toScored = await squaredDistances(x, standardised(scored, standardisation), means);
    const answers: Answers[] = [];
    for (const [gamma, these] of byGamma(settings)) {
      const kernel = await gaussianKernel(between, gamma, means, { shared: true });
      const kernelOfScored = await gaussianKernel(toScored, gamma, means);
      for (const i of these) {
        const machines = await machinesOf(kernel, starts, settings[i]?.["C"] ?? 1, means);
        answers[i] = voted(await decisions(kernelOfScored, starts, machines, means), classes);
      }
    }
    return answers;
  },
};

/** [classes + 1] where each class's rows begin when they are sorted by class. */
function startsOf(labels: Int32Array, classes: number): number[] {
  const starts = new Array<number>(classes + 1).fill(0);
  for (const label of labels) starts[label + 1] = (starts[label + 1] as number) + 1;
  for (let i = 1; i <= classes; i++) starts[i] = (starts[i] as number) + (starts[i - 1] as number);
  return starts;
}

/** The numbers of the settings with each gamma. */
function byGamma(settings: readonly Settings[]): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const [i, { gamma = 1 }] of settings.entries()) groups.set(gamma, [...(groups.get(gamma) ?? []), i]);
  return groups;
}

/** A pair of classes, and the machine that tells them apart; null where one of them has no rows. */
interface Pair {
  readonly first: number;
  readonly second: number;
  readonly machine: Machine | null;
}

async function machinesOf(
  kernel: Matrix,
  starts: readonly number[],
  C: number,
  means: Means,
): Promise<Pair[]> {
  const classes = starts.length - 1;
  const hasRows = (i: number) => (starts[i + 1] as number) > (starts[i] as number);
  const pairs = Array.from({ length: classes }, (_, i) =>
    Array.from({ length: classes - i - 1 }, (__, k) => [i, i + 1 + k] as const),
  ).flat();
  const solvable = pairs.filter(([i, j]) => hasRows(i) && hasRows(j));
  const size = Math.ceil(solvable.length / tasks);
  const parts = Array.from({ length: Math.ceil(solvable.length / size) }, (_, i) =>
    solvable.slice(i * size, (i + 1) * size),
  );
  const solved = await inParallel(parts, means.threads, (part) =>
    means.work("pairs", { kernel: kernel.data, n: kernel.rows, starts, pairs: part, C }),
  );
  const machines = solved.flat();
  let next = 0;
  return pairs.map(([first, second]) => ({
    first,
    second,
    machine: hasRows(first) && hasRows(second) ? (machines[next++] ?? null) : null,
  }));
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
async function decisions(
  kernel: Matrix,
  starts: readonly number[],
  pairs: readonly Pair[],
  means: Means,
): Promise<Decisions> {
  const scored = kernel.columns;
  const values = new Float32Array(scored * pairs.length);
  // A class without rows is never the answer.
  for (let row = 0; row < scored; row++)
    for (const [p, { second, machine }] of pairs.entries())
      values[row * pairs.length + p] =
        machine === null ? (starts[second] === starts[second + 1] ? 1 : -1) : -machine.offset;
  await withGraph(weightedSum, means, async (run) => {
    for (let own = 0; own + 1 < starts.length; own++) {
      const [first, end] = [starts[own] as number, starts[own + 1] as number];
      const mine = [...pairs.entries()].filter(([, each]) => isOf(own, each) && each.machine !== null);
      if (end === first || mine.length === 0) continue;
      const coefficients = coefficientsOf(
        own,
        end - first,
        mine.map(([, pair]) => pair),
      );
      const outputs = await run({
        kernel: tensorOf(rowsBetween(kernel, first, end)),
        coefficients: tensorOf(coefficients),
      });
      const { data } = outputs("values");
      for (let row = 0; row < scored; row++)
        for (const [k, [p]] of mine.entries()) {
          const at = row * pairs.length + p;
          values[at] = (values[at] as number) + (data[row * mine.length + k] as number);
        }
    }
  });
  return { pairs, values: { rows: scored, columns: pairs.length, data: values } };
}

function isOf(own: number, { first, second }: Pair): boolean {
  return first === own || second === own;
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
function voted({ pairs, values: { rows, columns, data } }: Decisions, classes: number): Answers {
  const scores = new Float32Array(rows * classes);
  const predicted = new Int32Array(rows);
  const votes = new Float64Array(classes);
  const sums = new Float64Array(classes);
  for (let row = 0; row < rows; row++) {
    votes.fill(0);
    sums.fill(0);
    for (const [p, { first, second }] of pairs.entries()) {
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
