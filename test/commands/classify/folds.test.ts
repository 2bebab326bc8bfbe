import { describe, expect, it } from "vitest";
import { stratifiedFolds } from "../../../commands/classify/folds.ts";

const labels = Int32Array.from({ length: 53 }, (_, i) => (i % 7 === 0 ? 2 : i % 3 === 0 ? 1 : 0));

describe("stratified folds", () => {
  it("differ by one row at most in each class and in all", () => {
    const folds = stratifiedFolds(labels, 3, 5, 0);
    for (const label of [0, 1, 2, null]) {
      const counts = [0, 1, 2, 3, 4].map(
        (fold) =>
          folds.filter((each, row) => each === fold && (label === null || labels[row] === label)).length,
      );
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
  });

  it("are a function of the seed", () => {
    expect(stratifiedFolds(labels, 3, 5, 1)).toEqual(stratifiedFolds(labels, 3, 5, 1));
    expect(stratifiedFolds(labels, 3, 5, 1)).not.toEqual(stratifiedFolds(labels, 3, 5, 2));
  });
});
