import { describe, expect, it } from "vitest";
import { rbfSvm } from "../../../commands/classify/rbf-svm.ts";
import { solveTwoClasses } from "../../../commands/classify/smo.ts";
import { golden, largestDifference, meansOf, problem } from "./golden.ts";

describe("solveTwoClasses", () => {
  it("puts the border between two rows halfway, both of them on the margin", () => {
    // Rows at −1 and 1 with the linear kernel: w = 1, b = 0.
    const kernel = Float32Array.of(1, -1, -1, 1);
    const { coefficients, offset } = solveTwoClasses(
      { kernel, n: 2, first: 1, firstEnd: 2, second: 0, secondEnd: 1 },
      10,
    );
    expect([...coefficients]).toEqual([0.5, -0.5]);
    expect(offset).toBeCloseTo(0, 12);
  });

  it("keeps coefficients within C, and their sum 0", () => {
    const rows = [0, 0.5, 1, 0.4, 0.9, 1.5];
    const kernel = Float32Array.from(rows.flatMap((a) => rows.map((b) => Math.exp(-((a - b) ** 2)))));
    const { coefficients } = solveTwoClasses(
      { kernel, n: 6, first: 0, firstEnd: 3, second: 3, secondEnd: 6 },
      0.7,
    );
    expect(coefficients.slice(0, 3).every((value) => value >= 0 && value <= 0.7)).toBe(true);
    expect(coefficients.slice(3).every((value) => value <= 0 && value >= -0.7)).toBe(true);
    expect(coefficients.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 12);
    expect(Math.max(...coefficients)).toBeGreaterThan(0);
  });
});

describe("RBF SVM", () => {
  const settings = golden.rbfSvm.map(({ C, gamma }) => ({ C, gamma }));

  it("answers as scikit-learn's SVC, with its scores of one class against the rest", async () => {
    const answers = await rbfSvm.answers(problem, settings, meansOf());
    for (const [i, { values, predicted }] of golden.rbfSvm.entries()) {
      expect([...(answers[i]?.predicted ?? [])]).toEqual(predicted);
      expect(largestDifference(answers[i]?.scores ?? problem.scored, values)).toBeLessThan(2e-3);
    }
  });

  it("never answers with a class that has no training rows", async () => {
    const shifted = problem.labels.map((label) => (label >= 2 ? label + 1 : label));
    const [answer] = await rbfSvm.answers(
      { ...problem, labels: shifted, classes: 5 },
      settings.slice(0, 1),
      meansOf(),
    );
    const wanted = golden.rbfSvm[0]?.predicted.map((label) => (label >= 2 ? label + 1 : label));
    expect([...(answer?.predicted ?? [])]).toEqual(wanted);
  });

  it("says what a kernel of too many rows would take", () => {
    expect(rbfSvm.refusal?.(20_000)).toBeNull();
    expect(rbfSvm.refusal?.(50_000)).toMatch(/50000 training rows would take a kernel of 10\.0 GB/);
  });
});
