import { describe, expect, it } from "vitest";
import { binned, edgesOf } from "../../../commands/classify/bins.ts";
import { boost } from "../../../commands/classify/boosting.ts";
import { growTrees } from "../../../commands/classify/trees.ts";
import { softmaxRows } from "../../../shared/calibration/softmax.ts";
import { golden, largestDifference, matrixOf, meanDifference, problem } from "./golden.ts";

const edges = edgesOf(problem.training);
const common = {
  training: binned(problem.training, edges),
  labels: problem.labels,
  classes: problem.classes,
  scored: binned(problem.scored, edges),
  seed: 0,
};
const forest = { ...common, columnsTried: golden.forest.features, leastRows: 1 };
const limits = { leaves: 5, leastRows: 15, decay: 1 };
const boosting = { ...common, rate: 0.1, columns: 12, limits };

function averaged(sums: Float32Array, trees: number) {
  return { rows: problem.scored.rows, columns: 4, data: sums.map((sum) => sum / trees) };
}

describe("bins", () => {
  it("lie halfway between the values where there are few", () => {
    expect(edgesOf(matrixOf([[3], [1], [1], [2]]))).toEqual([Float32Array.of(1.5, 2.5)]);
  });

  it("are percentiles where there are many, at most 255", () => {
    const [own] = edgesOf({ rows: 1000, columns: 1, data: Float32Array.from({ length: 1000 }, (_, i) => i) });
    expect(own).toHaveLength(254);
    expect(own?.[0]).toBeCloseTo(999 / 255, 0);
  });

  it("hold an edge's own value below it", () => {
    const { bins } = binned(matrixOf([[1.5], [1.6], [9]]), [Float32Array.of(1.5, 2.5)]);
    expect([...bins]).toEqual([0, 1, 2]);
  });
});

describe("a forest", () => {
  it("says on average what scikit-learn's says", () => {
    const found = averaged(growTrees({ ...forest, first: 0, end: 1500 }), 1500);
    // One of scikit-learn's own with another seed differs by 0.008, one that draws no rows by 0.027, one that draws one column by 0.041.
    expect(meanDifference(found, golden.forest.probabilities)).toBeLessThan(0.012);
  });

  it("is a function of the seed and the trees' numbers alone", () => {
    const at = (first: number, end: number, seed = 0) => growTrees({ ...forest, seed, first, end });
    const halves = [at(0, 2), at(2, 4)] as const;
    const whole = at(0, 4);
    expect(
      meanDifference(averaged(whole, 4), [
        [
          ...averaged(
            halves[0].map((sum, i) => sum + (halves[1][i] ?? 0)),
            4,
          ).data,
        ],
      ]),
    ).toBeLessThan(1e-6);
    expect(at(0, 4, 1)).not.toEqual(whole);
  });

  it("leaves no leaf shorter than asked for", () => {
    const shares = growTrees({ ...forest, leastRows: 75, first: 0, end: 1 });
    expect(new Set([...shares].map((share) => share.toFixed(5))).size).toBeLessThanOrEqual(8);
  });
});

describe("boosting", () => {
  it("finds scikit-learn's probabilities where all columns may split", () => {
    const [scores = new Float32Array(0)] = boost({ ...boosting, rounds: [golden.boosted.rounds] });
    const found = { rows: problem.scored.rows, columns: 4, data: softmaxRows(scores, 4) };
    expect(largestDifference(found, golden.boosted.probabilities)).toBeLessThan(1e-3);
  });

  it("answers after every number of rounds asked for as if it had ended there", () => {
    const both = boost({ ...boosting, columns: 5, rounds: [2, 4] });
    expect(both[0]).toEqual(boost({ ...boosting, columns: 5, rounds: [2] })[0]);
    expect(both[1]).not.toEqual(both[0]);
  });

  it("is another one with another seed, where columns are drawn", () => {
    const of = (seed: number) => boost({ ...boosting, columns: 3, seed, rounds: [3] });
    expect(of(1)).not.toEqual(of(2));
    expect(of(1)).toEqual(of(1));
  });

  it("starts from the classes' shares where nothing can be split", () => {
    const [scores] = boost({ ...boosting, rounds: [1], limits: { ...limits, leastRows: 1000 } });
    const shares = softmaxRows(scores ?? new Float32Array(0), 4).subarray(0, 4);
    expect([...shares].map((share) => share.toFixed(3))).toEqual(["0.400", "0.300", "0.200", "0.100"]);
  });
});
