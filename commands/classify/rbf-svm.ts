import { inParallel } from "../../shared/parallel.ts";
import type { Means } from "./computing.ts";
import { gaussianKernel, squaredDistances } from "./kernel.ts";
import { type Matrix, rowsOf } from "./matrix.ts";
import type { Answers, Method, Settings } from "./method.ts";
import { decisions, type Pair, voted } from "./one-vs-one.ts";
import { rungs } from "./rungs.ts";

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
