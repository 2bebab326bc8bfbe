import type { Graph } from "../../shared/onnx/graph.ts";
import { type Means, matrixGraph, step, withGraph } from "./computing.ts";
import { type Evaluation, minimise, type Objective } from "./lbfgs.ts";
import { type Matrix, tensorOf } from "./matrix.ts";
import type { Problem, Settings } from "./method.ts";
import { standardisationOf, standardised } from "./standardise.ts";

/** A loss on scores that are linear in the features, for all classes at once. */
export interface LinearLoss {
  /**
   * Inputs `x` [n, d], the last column ones, `weights` [d, classes], `targets` [n, classes]; outputs `losses` [n, 1] and
   * `gradient` [d, classes], that of their sum.
   */
  readonly graph: Graph;
  /** what `targets` says of a row's own class, and of every other */
  readonly targets: readonly [own: number, other: number];
  /** whether the intercepts are part of what C holds small */
  readonly interceptsPenalised: boolean;
}

/** No entry of the gradient of the mean loss is larger at the end; scikit-learn's logistic regression stops at 1e-4. */
const tolerance = 3e-5;
const iterations = 1000;
/** Losses are computed in float32. */
const rounding = 1e-7;

/**
 * For each C, the scores of the scored rows by the weights that minimise C · Σ loss + ½ ‖w‖², all features standardised. C's are
 * taken from the smallest up, each search starting where the last one ended.
 */
export async function linearScores(
  loss: LinearLoss,
  problem: Problem,
  settings: readonly Settings[],
  means: Means,
): Promise<Matrix[]> {
  const { training, labels, classes } = problem;
  const standardisation = standardisationOf(training);
  const x = standardised(training, standardisation, { withOnes: true });
  const scored = standardised(problem.scored, standardisation, { withOnes: true });
  const targets = targetsOf(labels, classes, loss.targets);
  const strengths = settings.map(({ C }) => C ?? 1);
  const rising = [...strengths.keys()].sort((a, b) => (strengths[a] as number) - (strengths[b] as number));
  const found = new Map<number, Matrix>();
  await withGraph(loss.graph, means, async (run) => {
    let point = new Float64Array(x.columns * classes);
    for (const i of rising) {
      const decay = 1 / ((strengths[i] as number) * x.rows);
      const penalised = loss.interceptsPenalised ? point.length : point.length - classes;
      const objective: Objective = async (weights) => {
        const outputs = await run({
          x: tensorOf(x),
          weights: tensorOf(weightsOf(weights, classes)),
          targets: tensorOf(targets),
        });
        return withDecay(outputs("losses"), outputs("gradient"), weights, decay, penalised);
      };
      const minimum = await minimise(point, objective, { tolerance, iterations, rounding });
      point = new Float64Array(minimum.point);
      found.set(i, weightsOf(point, classes));
    }
  });
  return withGraph(productGraph, means, async (run) => {
    const scores: Matrix[] = [];
    for (const i of settings.keys()) {
      const weights = found.get(i) as Matrix; // one for each setting
      scores.push((await run({ x: tensorOf(scored), weights: tensorOf(weights) }))("product"));
    }
    return scores;
  });
}

const productGraph = matrixGraph(
  ["x n d", "weights d k"],
  ["product n k"],
  [step("MatMul", ["x", "weights"], "product")],
);

/** Mean loss and decay · ½ ‖the first `penalised` weights‖², with the gradient. */
function withDecay(
  losses: Matrix,
  gradientOfSum: Matrix,
  weights: Float64Array,
  decay: number,
  penalised: number,
): Evaluation {
  const n = losses.rows;
  let value = 0;
  for (const each of losses.data) value += each / n;
  const gradient = Float64Array.from(gradientOfSum.data, (each) => each / n);
  let squares = 0;
  for (let i = 0; i < penalised; i++) {
    const weight = weights[i] as number;
    squares += weight * weight;
    gradient[i] = (gradient[i] as number) + decay * weight;
  }
  return { value: value + (decay / 2) * squares, gradient };
}

function weightsOf(point: Float64Array, classes: number): Matrix {
  return { rows: point.length / classes, columns: classes, data: Float32Array.from(point) };
}

function targetsOf(labels: Int32Array, classes: number, [own, other]: LinearLoss["targets"]): Matrix {
  const data = new Float32Array(labels.length * classes).fill(other);
  labels.forEach((label, row) => (data[row * classes + label] = own));
  return { rows: labels.length, columns: classes, data };
}
