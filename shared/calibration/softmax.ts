/**
 * The softmax of each row of logits divided by a temperature (Guo et al., "On Calibration of Modern Neural Networks", 2017,
 * section 4.2): above 1 it makes a network less sure of itself, below 1 surer; which class is likeliest stays the same.
 *
 * @param logits [rows, classes]
 * @param temperature above 0
 * @returns [rows, classes], each row summing to 1
 */
export function softmaxRows(logits: Float32Array, classes: number, temperature = 1): Float32Array {
  const probabilities = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    const normaliser = logSumOfExponentials(logits, start, classes, temperature);
    for (let i = start; i < start + classes; i++)
      probabilities[i] = Math.exp((logits[i] as number) / temperature - normaliser);
  }
  return probabilities;
}

/** log Σ exp(logit / temperature) over one row. */
export function logSumOfExponentials(
  logits: Float32Array,
  start: number,
  classes: number,
  temperature: number,
): number {
  let largest = -Infinity;
  for (let i = start; i < start + classes; i++) largest = Math.max(largest, logits[i] as number);
  let sum = 0;
  for (let i = start; i < start + classes; i++)
    sum += Math.exp(((logits[i] as number) - largest) / temperature);
  return largest / temperature + Math.log(sum);
}
