import { logLoss } from "../../shared/calibration/log-loss.ts";
import { softmaxRows } from "../../shared/calibration/softmax.ts";
import { fitTemperature } from "../../shared/calibration/temperature.ts";
import { mcnemarExact } from "../../shared/mcnemar.ts";
import { type Interval, wilsonInterval } from "../../shared/wilson.ts";
import type { Matrix } from "./matrix.ts";
import type { Answers, Method } from "./method.ts";

/** How well some rows were answered for. */
export interface Score {
  readonly rows: number;
  readonly accuracy: number;
  /** Wilson's, at 95 % */
  readonly interval: Interval;
  /** in nats */
  readonly logLoss: number;
}

/** What makes a classifier's scores probabilities. */
export type ToProbabilities = (scores: Matrix) => Float32Array;

/**
 * Probabilities are left as they are. Decision values become some by a softmax over one temperature, fitted on rows that the classifier
 * did not learn from.
 *
 * @param scores of those rows
 */
export function toProbabilities(
  kind: Method["scores"],
  scores: Matrix,
  labels: ArrayLike<number>,
): ToProbabilities {
  if (kind === "probabilities") return ({ data }) => data;
  // Temperatures are looked for around 1.
  const unit = spread(scores.data);
  const scaled = ({ data }: Matrix) => data.map((value) => value / unit);
  const temperature = fitTemperature(scaled(scores), labels, scores.columns);
  return (given) => softmaxRows(scaled(given), given.columns, temperature);
}

/** Standard deviation; 1 where all values are the same. */
function spread(values: Float32Array): number {
  let [sum, squares] = [0, 0];
  for (const value of values) sum += value;
  for (const value of values) squares += (value - sum / values.length) ** 2;
  return Math.sqrt(squares / values.length) || 1;
}

/** @param labels of the answered rows; −1: a class that no training row has, which is never right and has probability 0 */
export function scoreOf(
  { predicted, scores }: Answers,
  labels: Int32Array,
  probabilitiesOf: ToProbabilities,
): Score {
  const right = countRight(predicted, labels);
  const probabilities = probabilitiesOf(scores);
  return {
    rows: labels.length,
    accuracy: right / labels.length,
    interval: wilsonInterval(right, labels.length),
    logLoss: logLoss(...withUnseen(probabilities, labels, scores.columns)),
  };
}

export function countRight(predicted: Int32Array, labels: Int32Array): number {
  let right = 0;
  for (let row = 0; row < labels.length; row++) right += Number(predicted[row] === labels[row]);
  return right;
}

/** Probabilities with one class more, of probability 0, that rows of an unseen class belong to. */
function withUnseen(
  probabilities: Float32Array,
  labels: Int32Array,
  classes: number,
): [Float32Array, Int32Array, number] {
  if (!labels.includes(-1)) return [probabilities, labels, classes];
  const wider = new Float32Array(labels.length * (classes + 1));
  for (let row = 0; row < labels.length; row++)
    wider.set(probabilities.subarray(row * classes, (row + 1) * classes), row * (classes + 1));
  return [wider, labels.map((label) => (label === -1 ? classes : label)), classes + 1];
}

/** Two classifiers on the same rows. */
export interface Comparison {
  /** rows that only the first, and only the second, has right */
  readonly firstOnly: number;
  readonly secondOnly: number;
  /** how likely chance alone makes a difference so large: McNemar's exact test */
  readonly p: number;
}

export function compared(first: Int32Array, second: Int32Array, labels: Int32Array): Comparison {
  let [firstOnly, secondOnly] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    const [a, b] = [first[row] === labels[row], second[row] === labels[row]];
    if (a && !b) firstOnly++;
    if (b && !a) secondOnly++;
  }
  return { firstOnly, secondOnly, p: mcnemarExact(firstOnly, secondOnly) };
}
