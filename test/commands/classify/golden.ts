import { readFileSync } from "node:fs";
import path from "node:path";
import type { Means } from "../../../commands/classify/computing.ts";
import type { Matrix } from "../../../commands/classify/matrix.ts";
import type { Problem } from "../../../commands/classify/method.ts";
import { boost } from "../../../commands/classify/boosting.ts";
import { solvePairs } from "../../../commands/classify/smo.ts";
import { growTrees } from "../../../commands/classify/trees.ts";
import type { Work, Works } from "../../../commands/classify/works.ts";
import { cpuEngine } from "../../../shared/engine/onnxruntime.ts";

type Rows = readonly (readonly number[])[];

interface Golden {
  readonly training: Rows;
  readonly labels: readonly number[];
  readonly scored: Rows;
  readonly truth: readonly number[];
  readonly logistic: readonly { C: number; probabilities: Rows }[];
  readonly linearSvm: readonly { C: number; values: Rows }[];
  readonly rbfSvm: readonly { C: number; gamma: number; values: Rows; predicted: readonly number[] }[];
  readonly neighbours: readonly { k: number; probabilities: Rows; predicted: readonly number[] }[];
  readonly forest: { features: number; probabilities: Rows };
  readonly boosted: { rounds: number; probabilities: Rows };
}

/** What scripts/make-classify-goldens.py wrote. */
export const golden = JSON.parse(
  readFileSync(path.join(import.meta.dirname, "golden/scikit-learn.json"), "utf8"),
) as Golden;

export const problem: Problem = {
  training: matrixOf(golden.training),
  labels: Int32Array.from(golden.labels),
  classes: 4,
  blocks: [12],
  scored: matrixOf(golden.scored),
};

const works: { readonly [Kind in keyof Works]: (task: Works[Kind]["task"]) => Works[Kind]["answer"] } = {
  pairs: solvePairs,
  trees: growTrees,
  boosting: boost,
};

const workHere: Work = (kind, task) => Promise.resolve(works[kind](task));

/** Everything in this thread. */
export function meansOf({ threads = 1, signal = new AbortController().signal } = {}): Means {
  return {
    engine: cpuEngine(),
    threads,
    work: workHere,
    seed: 0,
    progress: {
      line: () => undefined,
      bar: () => ({ advance: () => undefined, done: () => undefined }),
    },
    signal,
  };
}

export function matrixOf(rows: Rows): Matrix {
  return { rows: rows.length, columns: rows[0]?.length ?? 0, data: Float32Array.from(rows.flat()) };
}

export function largestDifference(found: Matrix, wanted: Rows): number {
  const flat = wanted.flat();
  if (flat.length !== found.data.length) return Infinity;
  return flat.reduce((most, value, i) => Math.max(most, Math.abs(value - (found.data[i] as number))), 0);
}

export function meanDifference(found: Matrix, wanted: Rows): number {
  const flat = wanted.flat();
  return flat.reduce((sum, value, i) => sum + Math.abs(value - (found.data[i] ?? Infinity)), 0) / flat.length;
}
