import { lineSearch, type Slope } from "./line-search.ts";

/** A function's value at a point and its gradient there. */
export interface Evaluation {
  readonly value: number;
  readonly gradient: Float64Array;
}

export type Objective = (point: Float64Array) => Promise<Evaluation>;

export interface MinimiseOptions {
  /** it ends where no entry of the gradient is larger */
  readonly tolerance: number;
  readonly iterations: number;
  /** relative rounding error of the objective's values: 0 for float64, about 1e-7 where they are computed in float32 */
  readonly rounding?: number;
  /** how many steps are remembered */
  readonly memory?: number;
}

export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly iterations: number;
  /** false where the iterations ran out, or rounding hid the way down */
  readonly converged: boolean;
}

/** A step, the change of the gradient over it, and 1 / (their product). */
interface Remembered {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly scale: number;
}

/**
 * The minimum of a smooth function by L-BFGS with a line search for the strong Wolfe conditions (Nocedal and Wright, "Numerical
 * Optimization", 2nd edition, algorithms 7.4 and 7.5).
 */
export async function minimise(
  start: Float64Array,
  objective: Objective,
  { tolerance, iterations, rounding = 0, memory = 10 }: MinimiseOptions,
): Promise<Minimum> {
  let point = start;
  let { value, gradient } = await objective(point);
  let remembered: Remembered[] = [];
  for (let iteration = 0; ; iteration++) {
    const converged = largest(gradient) <= tolerance;
    if (converged || iteration === iterations) return { point, value, iterations: iteration, converged };
    const direction = descent(gradient, remembered);
    const from = point;
    const along = async (length: number): Promise<Slope & { at: Float64Array; gradient: Float64Array }> => {
      const at = moved(from, direction, length);
      const found = await objective(at);
      return { ...found, at, slope: dot(found.gradient, direction) };
    };
    const first = remembered.length === 0 ? Math.min(1, 1 / norm(gradient)) : 1;
    const here = { value, slope: dot(gradient, direction) };
    const found = await lineSearch(along, here, first, rounding);
    if (found === null) {
      if (remembered.length === 0) return { point, value, iterations: iteration, converged };
      remembered = [];
      continue;
    }
    remembered = [...remembered, remember(point, found.at, gradient, found.gradient)].slice(-memory);
    ({ value, gradient, at: point } = found);
  }
}

/** −H·g, H the inverse Hessian that the remembered steps tell of (algorithm 7.4). */
function descent(gradient: Float64Array, remembered: readonly Remembered[]): Float64Array {
  const direction = gradient.map((each) => -each);
  const weights: number[] = [];
  for (const { step, change, scale } of remembered.toReversed()) {
    const weight = scale * dot(step, direction);
    weights.push(weight);
    addScaled(direction, change, -weight);
  }
  const newest = remembered.at(-1);
  if (newest !== undefined) {
    // Equation 7.20: the size of the Hessian along the newest step.
    const size = 1 / (newest.scale * dot(newest.change, newest.change));
    for (let i = 0; i < direction.length; i++) direction[i] = (direction[i] as number) * size;
  }
  for (const { step, change, scale } of remembered) {
    const weight = weights.pop() as number; // one was pushed for each above
    addScaled(direction, step, weight - scale * dot(change, direction));
  }
  return direction;
}

/** Curvature is positive along a step that meets the Wolfe conditions. */
function remember(
  before: Float64Array,
  after: Float64Array,
  gradientBefore: Float64Array,
  gradientAfter: Float64Array,
): Remembered {
  const step = moved(after, before, -1);
  const change = moved(gradientAfter, gradientBefore, -1);
  return { step, change, scale: 1 / dot(step, change) };
}

function moved(from: Float64Array, direction: Float64Array, length: number): Float64Array {
  const to = from.slice();
  addScaled(to, direction, length);
  return to;
}

function addScaled(to: Float64Array, what: Float64Array, scale: number): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + scale * (what[i] as number);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function norm(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}

function largest(vector: Float64Array): number {
  let found = 0;
  for (const each of vector) found = Math.max(found, Math.abs(each));
  return found;
}
