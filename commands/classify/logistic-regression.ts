import { softmaxRows } from "../../shared/calibration/softmax.ts";
import { matrixGraph, step } from "./computing.ts";
import { linearScores, type LinearLoss } from "./linear.ts";
import { largestOfRows } from "./matrix.ts";
import type { Method } from "./method.ts";
import { rungs } from "./rungs.ts";

/** Cross-entropy of the softmax; its gradient by the logits is p − y. */
const crossEntropy: LinearLoss = {
  graph: matrixGraph(
    ["x n d", "weights d k", "targets n k"],
    ["losses n 1", "gradient d k"],
    [
      step("MatMul", ["x", "weights"], "logits"),
      step("LogSoftmax", ["logits"], "log", { axis: 1 }),
      step("Mul", ["log", "targets"], "own"),
      step("ReduceSum", ["own", "classes"], "logOfOwn", { keepdims: 1 }),
      step("Neg", ["logOfOwn"], "losses"),
      step("Exp", ["log"], "probabilities"),
      step("Sub", ["probabilities", "targets"], "residual"),
      step("Gemm", ["x", "residual"], "gradient", { transA: 1 }),
    ],
    new Map([["classes", { type: "int64", dims: [1], data: BigInt64Array.of(1n) }]]),
  ),
  targets: [1, 0],
  interceptsPenalised: false,
};

/** Multinomial logistic regression: scikit-learn's `LogisticRegression(C)` with solver lbfgs, on standardised features. */
export const logisticRegression: Method = {
  name: "logistic",
  title: "logistic regression",
  scores: "probabilities",
  settings: () => rungs(1e-3, 1e-1).map((C) => ({ C })),
  ladders: ["C"],
  async answers(problem, settings, means) {
    const logits = await linearScores(crossEntropy, problem, settings, means);
    return logits.map((each) => ({
      predicted: largestOfRows(each),
      scores: { ...each, data: softmaxRows(each.data, each.columns) },
    }));
  },
};
