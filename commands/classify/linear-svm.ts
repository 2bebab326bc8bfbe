import { matrixGraph, step } from "./computing.ts";
import { linearScores, type LinearLoss } from "./linear.ts";
import { largestOfRows } from "./matrix.ts";
import type { Method } from "./method.ts";
import { rungs } from "./rungs.ts";

/**
 * Σ over classes of max(0, 1 − y·f)², y ±1, f the class's score; its gradient by f is −2·y·max(0, 1 − y·f). The classes' problems
 * are independent of each other, so that the minimum of their sum is the minimum of each.
 */
const squaredHinge: LinearLoss = {
  graph: matrixGraph(
    ["x n d", "weights d k", "targets n k"],
    ["losses n 1", "gradient d k"],
    [
      step("MatMul", ["x", "weights"], "values"),
      step("Mul", ["values", "targets"], "margins"),
      step("Sub", ["one", "margins"], "missing"),
      step("Relu", ["missing"], "hinge"),
      step("Mul", ["hinge", "hinge"], "squares"),
      step("ReduceSum", ["squares", "classes"], "losses", { keepdims: 1 }),
      step("Mul", ["hinge", "targets"], "signed"),
      step("Mul", ["signed", "minusTwo"], "residual"),
      step("Gemm", ["x", "residual"], "gradient", { transA: 1 }),
    ],
    new Map([
      ["classes", { type: "int64", dims: [1], data: BigInt64Array.of(1n) }],
      ["one", { type: "float32", dims: [], data: Float32Array.of(1) }],
      ["minusTwo", { type: "float32", dims: [], data: Float32Array.of(-2) }],
    ]),
  ),
  targets: [1, -1],
  // liblinear's intercept is the weight of one more feature (scikit-learn's intercept_scaling=1), penalised as any.
  interceptsPenalised: true,
};

/** One against the rest: scikit-learn's `LinearSVC(C)`, on standardised features. */
export const linearSvm: Method = {
  name: "linear-svm",
  title: "linear SVM",
  scores: "decision values",
  settings: () => rungs(1e-5, 1e-3).map((C) => ({ C })),
  ladders: ["C"],
  async answers(problem, settings, means) {
    const values = await linearScores(squaredHinge, problem, settings, means);
    return values.map((scores) => ({ predicted: largestOfRows(scores), scores }));
  },
};
