/** Training rows of two classes as rows and columns of one kernel matrix of n rows: the first class is +1, the second −1. */
export interface TwoClasses {
  /** [n, n] kernel values */
  readonly kernel: Float32Array;
  readonly n: number;
  /** the first class's rows, from `first` to before `firstEnd` */
  readonly first: number;
  readonly firstEnd: number;
  readonly second: number;
  readonly secondEnd: number;
}

/** A support vector machine between two classes: the decision value of a row is Σ coefficients · kernel − offset. */
export interface Machine {
  /** y·α of the first class's rows, then of the second's */
  readonly coefficients: Float64Array;
  readonly offset: number;
}

/** libsvm's constants: what the optimality conditions may be violated by, and what stands for a curvature of 0. */
const tolerance = 1e-3;
const leastCurvature = 1e-12;

/**
 * The soft-margin support vector machine with a precomputed kernel, by sequential minimal optimisation with second-order working
 * sets: Fan, Chen and Lin, "Working Set Selection Using Second Order Information for Training Support Vector Machines", 2005
 * (WSS 2), the method and stopping rule of libsvm, without shrinking. The variables here are β = y·α, in [0, C] for the first class and [−C, 0]
 * for the second.
 */
export function solveTwoClasses(problem: TwoClasses, C: number): Machine {
  const { kernel, n, first, firstEnd, second, secondEnd } = problem;
  const positives = firstEnd - first;
  const count = positives + secondEnd - second;
  const beta = new Float64Array(count);
  // y·∂/∂α of the dual: Σ K·β − y
  const slope = Float64Array.from({ length: count }, (_, i) => (i < positives ? -1 : 1));
  const lowest = (i: number) => (i < positives ? 0 : -C);
  const highest = (i: number) => (i < positives ? C : 0);
  const rowOf = (i: number) => (i < positives ? first + i : second + i - positives);
  // Where the second class's part of a row of the kernel begins, so that entry i ≥ positives is at i.
  const shift = second - positives;

  for (let iteration = 0; iteration < Math.max(1e7, 100 * count); iteration++) {
    let up = -1;
    let most = -Infinity;
    for (let i = 0; i < count; i++)
      if ((beta[i] as number) < highest(i) && -(slope[i] as number) > most) {
        most = -(slope[i] as number);
        up = i;
      }
    if (up === -1) break;
    const upRow = rowOf(up) * n;
    const upDiagonal = kernel[upRow + rowOf(up)] as number;
    let down = -1;
    let steepest = -Infinity;
    let best = Infinity;
    for (let j = 0; j < count; j++) {
      if ((beta[j] as number) <= lowest(j)) continue;
      const slopeOfJ = slope[j] as number;
      if (slopeOfJ > steepest) steepest = slopeOfJ;
      const difference = most + slopeOfJ;
      if (difference <= 0) continue;
      const column = j < positives ? first + j : shift + j;
      const curvature =
        upDiagonal + (kernel[column * n + column] as number) - 2 * (kernel[upRow + column] as number);
      const gain = -(difference * difference) / Math.max(curvature, leastCurvature);
      if (gain < best) {
        best = gain;
        down = j;
      }
    }
    if (most + steepest < tolerance || down === -1) break;

    const downRow = rowOf(down) * n;
    const curvature =
      upDiagonal + (kernel[downRow + rowOf(down)] as number) - 2 * (kernel[upRow + rowOf(down)] as number);
    const wanted = (most + (slope[down] as number)) / Math.max(curvature, leastCurvature);
    const room = Math.min(highest(up) - (beta[up] as number), (beta[down] as number) - lowest(down));
    const step = Math.min(wanted, room);
    beta[up] = step === highest(up) - (beta[up] as number) ? highest(up) : (beta[up] as number) + step;
    beta[down] =
      step === (beta[down] as number) - lowest(down) ? lowest(down) : (beta[down] as number) - step;
    for (let i = 0, at = first; i < positives; i++, at++)
      slope[i] =
        (slope[i] as number) + step * ((kernel[upRow + at] as number) - (kernel[downRow + at] as number));
    for (let i = positives; i < count; i++)
      slope[i] =
        (slope[i] as number) +
        step * ((kernel[upRow + shift + i] as number) - (kernel[downRow + shift + i] as number));
  }
  return { coefficients: beta, offset: offsetOf(beta, slope, lowest, highest) };
}

/** The mean slope of the rows that are on the margin; where none is, the middle of what the others allow. */
function offsetOf(
  beta: Float64Array,
  slope: Float64Array,
  lowest: (i: number) => number,
  highest: (i: number) => number,
): number {
  let [sum, free, above, below] = [0, 0, Infinity, -Infinity];
  for (let i = 0; i < beta.length; i++) {
    const [b, s] = [beta[i] as number, slope[i] as number];
    if (b <= lowest(i)) above = Math.min(above, s);
    else if (b >= highest(i)) below = Math.max(below, s);
    else {
      sum += s;
      free++;
    }
  }
  return free > 0 ? sum / free : (above + below) / 2;
}

/** Some pairs of classes to be told apart. */
export interface PairsTask {
  /** [n, n] on shared memory, rows sorted by class */
  readonly kernel: Float32Array;
  readonly n: number;
  /** [classes + 1] where each class's rows begin */
  readonly starts: readonly number[];
  readonly pairs: readonly (readonly [first: number, second: number])[];
  readonly C: number;
}

/** The machine of each pair; every class has rows. */
export function solvePairs({ kernel, n, starts, pairs, C }: PairsTask): Machine[] {
  return pairs.map(([i, j]) => {
    const [first, firstEnd, second, secondEnd] = [starts[i], starts[i + 1], starts[j], starts[j + 1]] as [
      number,
      number,
      number,
      number,
    ];
    return solveTwoClasses({ kernel, n, first, firstEnd, second, secondEnd }, C);
  });
}
