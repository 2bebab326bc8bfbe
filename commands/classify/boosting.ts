import { permutation, randomFor } from "../../shared/random.ts";
import type { Binned } from "./bins.ts";
import { growBoostedTree } from "./boosted-tree.ts";
import type { TreeLimits } from "./histogram.ts";

/** A boosted ensemble to be grown. */
export interface BoostingTask {
  readonly training: Binned;
  readonly labels: Int32Array;
  readonly classes: number;
  readonly scored: Binned;
  readonly seed: number;
  /** after how many rounds the scored rows' scores are wanted, rising */
  readonly rounds: readonly number[];
  readonly rate: number;
  /** how many columns, drawn anew for each tree, may split it */
  readonly columns: number;
  readonly limits: TreeLimits;
}

/**
 * Gradient boosting with the softmax's cross-entropy, a tree for each class a round (Friedman, "Greedy Function Approximation", 2001,
 * section 4.6; second order as in Chen and Guestrin's XGBoost, 2016). It starts from the classes' log shares.
 *
 * @returns [scored rows, classes] raw scores after each of the wanted rounds
 */
export function boost(task: BoostingTask): Float32Array[] {
  const { training, scored, labels, classes, rounds, rate, seed } = task;
  const start = logShares(labels, classes);
  const ofTraining = repeated(start, training.rows);
  const ofScored = repeated(start, scored.rows);
  const derivatives = { first: new Float32Array(training.rows), second: new Float32Array(training.rows) };
  const probabilities = new Float32Array(ofTraining.length);
  const wanted: Float32Array[] = [];
  const histograms: Float64Array[] = [];
  const last = rounds.at(-1) ?? 0;
  for (let round = 1; round <= last; round++) {
    softmax(ofTraining, probabilities, classes);
    for (let own = 0; own < classes; own++) {
      for (let row = 0; row < training.rows; row++) {
        const p = probabilities[row * classes + own] as number;
        derivatives.first[row] = labels[row] === own ? p - 1 : p;
        derivatives.second[row] = p * (1 - p);
      }
      const columns = permutation(training.columns, randomFor("boosting", seed, round, own))
        .subarray(0, task.columns)
        .sort();
      for (const leaf of growBoostedTree(training, scored, derivatives, columns, task.limits, histograms)) {
        for (const row of leaf.rows) add(ofTraining, row * classes + own, rate * leaf.value);
        for (const row of leaf.scored) add(ofScored, row * classes + own, rate * leaf.value);
      }
    }
    if (rounds.includes(round)) wanted.push(Float32Array.from(ofScored));
  }
  return wanted;
}

function add(to: Float64Array, at: number, what: number): void {
  to[at] = (to[at] as number) + what;
}

/** Log of each class's share; a class without rows counts as a thousandth of one. */
function logShares(labels: Int32Array, classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return counts.map((count) => Math.log(Math.max(count, 1e-3) / labels.length));
}

function repeated(row: Float64Array, times: number): Float64Array {
  const all = new Float64Array(row.length * times);
  for (let i = 0; i < times; i++) all.set(row, i * row.length);
  return all;
}

function softmax(scores: Float64Array, probabilities: Float32Array, classes: number): void {
  for (let first = 0; first < scores.length; first += classes) {
    let largest = -Infinity;
    for (let i = first; i < first + classes; i++) largest = Math.max(largest, scores[i] as number);
    let sum = 0;
    for (let i = first; i < first + classes; i++)
      sum += probabilities[i] = Math.exp((scores[i] as number) - largest);
    for (let i = first; i < first + classes; i++) probabilities[i] = (probabilities[i] as number) / sum;
  }
}
