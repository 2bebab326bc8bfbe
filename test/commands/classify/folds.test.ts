import { describe, expect, it } from "vitest";
import { firstTwins, stratifiedFolds } from "../../../commands/classify/folds.ts";
import { matrixOf } from "./golden.ts";

const none = Uint32Array.from({ length: 53 }, (_, i) => i);
const labels = Int32Array.from({ length: 53 }, (_, i) => (i % 7 === 0 ? 2 : i % 3 === 0 ? 1 : 0));

describe("stratified folds", () => {
  it("differ by one row at most in each class and in all", () => {
    const folds = stratifiedFolds(labels, 3, none, 5, 0);
    for (const label of [0, 1, 2, null]) {
      const counts = [0, 1, 2, 3, 4].map(
        (fold) =>
          folds.filter((each, row) => each === fold && (label === null || labels[row] === label)).length,
      );
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
  });

  it("are a function of the seed", () => {
    expect(stratifiedFolds(labels, 3, none, 5, 1)).toEqual(stratifiedFolds(labels, 3, none, 5, 1));
    expect(stratifiedFolds(labels, 3, none, 5, 1)).not.toEqual(stratifiedFolds(labels, 3, none, 5, 2));
  });

  it("keep rows with the same features together, whatever their labels", () => {
    const features = matrixOf(Array.from(labels, (_, i) => [i % 20, 1]));
    const twins = firstTwins(features);
    expect([...twins.subarray(18, 23)]).toEqual([18, 19, 0, 1, 2]);
    const folds = stratifiedFolds(labels, 3, twins, 5, 0);
    for (const [row, fold] of folds.entries()) expect(fold).toBe(folds[row % 20]);
    expect(new Set(folds).size).toBe(5);
  });
});
