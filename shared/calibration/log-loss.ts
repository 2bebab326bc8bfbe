import { logSumOfExponentials } from "./softmax.ts";

/**
 * Mean of −log p of the right class. Probabilities below float32's epsilon count as that, as in scikit-learn's `log_loss`, so
 * that one sure mistake is no infinity.
 *
 * @param probabilities [rows, classes]
 * @param labels [rows]: numbers of classes
 * @returns in nats; NaN without rows
 */
export function logLoss(probabilities: Float32Array, labels: ArrayLike<number>, classes: number): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++)
    sum -= Math.log(Math.max(epsilon, probabilities[row * classes + (labels[row] as number)] as number));
  return sum / labels.length;
}

/** Of float32: the step from 1 to the next number. */
const epsilon = 2 ** -23;

/**
 * The same from logits divided by a temperature, with no probability too small to be told from 0.
 *
 * @param logits [rows, classes]
 */
export function logLossOfLogits(
  logits: Float32Array,
  labels: ArrayLike<number>,
  classes: number,
  temperature = 1,
): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    const start = row * classes;
    const own = (logits[start + (labels[row] as number)] as number) / temperature;
    sum += logSumOfExponentials(logits, start, classes, temperature) - own;
  }
  return sum / labels.length;
}
