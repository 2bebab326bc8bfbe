/** Beyond these a temperature says only that there were too few photos. */
const [lowest, highest] = [1 / 16, 16];

/** A step in log T of which nobody would see the effect. */
const precision = 1e-10;

/**
 * The temperature under which the labels are likeliest: it minimises the mean of −log softmax(logits / T)[label] (Guo et al., "On
 * Calibration of Modern Neural Networks", 2017, section 4.2). In 1/T that mean is convex, so there is one minimum; it is
 * found by Newton's method on log T, which falls back to halving the interval where a step would leave it. In float64.
 *
 * Each label counts for n / (n + 1), and every class for an equal part of the rest, as if one photo more had been seen that could
 * be anything (after Platt, "Probabilistic Outputs for Support Vector Machines", 1999, section 2.2). Without that a few photos that
 * were all recognised would ask for a temperature of 0. With thousands it is not noticed.
 *
 * @param logits [rows, classes] of photos that they were not trained on
 * @param labels [rows]: numbers of classes
 * @returns in [1/16, 16]; 1 without rows
 */
export function fitTemperature(logits: Float32Array, labels: ArrayLike<number>, classes: number): number {
  if (labels.length === 0) return 1;
  let [low, high] = [Math.log(lowest), Math.log(highest)];
  let at = 0;
  for (let i = 0; i < 100 && high - low > precision; i++) {
    const { slope, curvature } = derivatives(logits, labels, classes, Math.exp(at));
    if (slope > 0) high = at;
    else low = at;
    const newton = at - slope / curvature;
    const next = curvature > 0 && newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - at) < precision) return Math.exp(next);
    at = next;
  }
  return Math.exp(at);
}

/** First and second derivative of the mean loss by log T. */
function derivatives(
  logits: Float32Array,
  labels: ArrayLike<number>,
  classes: number,
  temperature: number,
): { slope: number; curvature: number } {
  const rows = labels.length;
  const smoothing = 1 / (rows + 1);
  let slope = 0;
  let curvature = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * classes;
    const own = logits[start + (labels[row] as number)] as number;
    const { expected, variance, mean } = momentsOf(logits, start, classes, temperature);
    const wanted = (1 - smoothing) * own + smoothing * mean;
    // By b = 1 / T: d/db = E[z] − z, d²/db² = Var[z]. By log T: d/du = −b d/db, d²/du² = b d/db + b² d²/db².
    slope += (wanted - expected) / temperature;
    curvature += (expected - wanted) / temperature + variance / temperature ** 2;
  }
  return { slope: slope / rows, curvature: curvature / rows };
}

/** Of a row's logits: mean and variance under its own softmax, and the plain mean. */
function momentsOf(logits: Float32Array, start: number, classes: number, temperature: number) {
  let largest = -Infinity;
  for (let i = start; i < start + classes; i++) largest = Math.max(largest, logits[i] as number);
  let [sum, first, second, plain] = [0, 0, 0, 0];
  for (let i = start; i < start + classes; i++) {
    // Measured from the largest, so that the variance is no difference of large numbers.
    const below = (logits[i] as number) - largest;
    const weight = Math.exp(below / temperature);
    sum += weight;
    first += weight * below;
    second += weight * below * below;
    plain += below;
  }
  const mean = first / sum;
  return {
    expected: largest + mean,
    variance: second / sum - mean * mean,
    mean: largest + plain / classes,
  };
}
