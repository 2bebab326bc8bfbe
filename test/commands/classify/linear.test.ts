import { describe, expect, it } from "vitest";
import { linearSvm } from "../../../commands/classify/linear-svm.ts";
import { logisticRegression } from "../../../commands/classify/logistic-regression.ts";
import { golden, largestDifference, meansOf, problem } from "./golden.ts";

describe("logistic regression", () => {
  it("finds scikit-learn's probabilities, for each C, whatever was fitted before it", async () => {
    const settings = golden.logistic.map(({ C }) => ({ C }));
    const answers = await logisticRegression.answers(problem, settings, meansOf());
    const reversed = await logisticRegression.answers(problem, settings.toReversed(), meansOf());
    for (const [i, { probabilities }] of golden.logistic.entries())
      for (const answer of [answers[i], reversed.toReversed()[i]])
        expect(largestDifference(answer?.scores ?? problem.scored, probabilities)).toBeLessThan(2e-3);
  });

  it("answers with the likeliest class", async () => {
    const [answer] = await logisticRegression.answers(problem, [{ C: 1 }], meansOf());
    const likeliest = golden.logistic[1]?.probabilities.map((row) => row.indexOf(Math.max(...row)));
    expect([...(answer?.predicted ?? [])]).toEqual(likeliest);
  });

  it("gives the same bits on any number of threads", async () => {
    const [one] = await logisticRegression.answers(problem, [{ C: 1 }], meansOf({ threads: 1 }));
    const [two] = await logisticRegression.answers(problem, [{ C: 1 }], meansOf({ threads: 2 }));
    expect(two?.scores.data).toEqual(one?.scores.data);
  });

  it("learns where a class has no training rows, and never answers with it", async () => {
    const [answer] = await logisticRegression.answers({ ...problem, classes: 5 }, [{ C: 1 }], meansOf());
    expect(answer?.scores.columns).toBe(5);
    expect(answer?.predicted).not.toContain(4);
  });
});

describe("linear SVM", () => {
  it("finds the decision values of scikit-learn's LinearSVC, its intercept penalised too", async () => {
    const settings = golden.linearSvm.map(({ C }) => ({ C }));
    const answers = await linearSvm.answers(problem, settings, meansOf());
    for (const [i, { values }] of golden.linearSvm.entries())
      expect(largestDifference(answers[i]?.scores ?? problem.scored, values)).toBeLessThan(1e-3);
  });
});

describe("Ctrl-C", () => {
  it("stops between two runs of a graph", async () => {
    const stopped = meansOf({ signal: AbortSignal.abort() });
    await expect(linearSvm.answers(problem, [{ C: 1 }], stopped)).rejects.toMatchObject({
      code: "interrupted",
    });
  });
});
