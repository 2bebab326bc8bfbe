import { describe, expect, it } from "vitest";
import { adviceOf, oneToTake } from "../../../commands/classify/advice.ts";
import { methods, methodsNamed } from "../../../commands/classify/methods.ts";
import { resultsTable } from "../../../commands/classify/table.ts";
import type { Result } from "../../../commands/classify/try-methods.ts";
import { spreadOf } from "../../../commands/sweep/score.ts";

/** A result with these accuracies on the folds; of four validation photos it has all but the last `wrong` right. */
function result(name: string, accuracies: readonly number[], wrong = 0): Result {
  const [method] = methodsNamed(name);
  if (method === undefined) throw new Error(name);
  const candidate = (C: number) => ({ settings: { C }, accuracy: spreadOf(accuracies), logLoss: 0.5 });
  const labels = Int32Array.of(0, 1, 2, 0);
  const ofHead = Int32Array.of(0, 1, 2, 1);
  const predicted = labels.map((label, i) => (i >= 4 - wrong ? label + 1 : label));
  const score = { rows: 4, accuracy: 1 - wrong / 4, interval: { low: 0.3, high: 0.95 }, logLoss: 0.4 };
  return {
    method,
    candidates: [candidate(1), candidate(10), candidate(0.1)],
    best: candidate(1),
    parts: [{ part: { name: "validation", rows: [0, 1, 2, 3], labels, ofHead }, predicted, score }],
    seconds: { folds: 3, last: 0.25 },
  };
}

describe("which one to take", () => {
  it("is the simplest within one standard error of the most accurate on the folds", () => {
    const results = [
      result("linear-svm", [0.7, 0.8]),
      result("rbf-svm", [0.84, 0.86]),
      result("trees", [0.85, 0.87]),
    ];
    expect(oneToTake(results)?.taken.method.name).toBe("rbf-svm");
    expect(oneToTake(results)?.best.method.name).toBe("trees");
    expect(adviceOf(results)).toMatch(
      /take the RBF SVM \(C 1\): the simplest within one standard error \(1\.0 points\) of the most accurate on the folds, the gradient-boosted trees/,
    );
  });

  it("is the most accurate where nothing simpler comes near, however it does in validation", () => {
    const results = [result("linear-svm", [0.7, 0.8]), result("trees", [0.9, 0.9], 4)];
    expect(adviceOf(results)).toMatch(
      /take the gradient-boosted trees \(C 1\): the most accurate on the folds/,
    );
  });

  it("is compared with the trained head, photo by photo", () => {
    expect(adviceOf([result("knn", [0.9, 0.9], 2)])).toContain(
      "take the k-NN (cosine) (C 1): it is the only one",
    );
    expect(adviceOf([result("knn", [0.9, 0.9], 2)])).toContain(
      "validation: the trained head 75.0 %, the k-NN (cosine) 50.0 %; right alone 1 and 0 times of 4, no more than chance would do (p = 1.00)",
    );
  });
});

describe("the table", () => {
  it("has a row for each classifier, and says what is at the end of what was tried", () => {
    const best = {
      ...result("logistic", [0.8, 0.9], 1),
      best: { settings: { C: 10 }, accuracy: spreadOf([0.8, 0.9]), logLoss: 1 },
    };
    const text = resultsTable({ results: [best, result("linear-svm", [0.8, 0.8])], leftOut: [] }, 2);
    expect(text).toMatch(
      /│ logistic regression │ C 10 +│ 85\.0 ± 7\.1 % │ 75\.0 % \(30\.0 to 95\.0\) +│ 0\.400 +│ 3\.3 +│ 0\.3 /,
    );
    expect(text).toMatch(/│ linear SVM \* /);
    expect(text).toContain("* probabilities are a softmax of its decision values");
    expect(text).toContain("logistic regression: C at the end of what was tried");
    expect(text).not.toContain("linear SVM: C at the end");
  });

  it("says what was left out, and why", () => {
    const [method] = methods;
    if (method === undefined) throw new Error("no methods");
    expect(resultsTable({ results: [], leftOut: [{ method, why: "too many rows" }] }, 2)).toContain(
      "logistic regression is left out: too many rows",
    );
  });
});
