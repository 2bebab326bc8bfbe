import { describe, expect, it } from "vitest";
import { compared, scoreOf, toProbabilities } from "../../../commands/classify/score.ts";
import { matrixOf } from "./golden.ts";

describe("scoreOf", () => {
  it("counts a class that was never seen as wrong, with probability 0", () => {
    const scores = matrixOf([
      [0.75, 0.25],
      [0.5, 0.5],
    ]);
    const answers = { predicted: Int32Array.of(0, 0), scores };
    const score = scoreOf(answers, Int32Array.of(0, -1), ({ data }) => data);
    expect(score.accuracy).toBe(0.5);
    expect(score.logLoss).toBeCloseTo((-Math.log(0.75) - Math.log(2 ** -23)) / 2, 6);
  });
});

describe("toProbabilities", () => {
  it("leaves probabilities as they are", () => {
    const scores = matrixOf([[0.2, 0.8]]);
    expect(toProbabilities("probabilities", scores, [1])(scores)).toEqual(scores.data);
  });

  it("makes of decision values what their accuracy bears out, on whatever scale they are", () => {
    // Three of four rows are right by the same margin: both classes' odds are three to one.
    const rows = [0, 1, 0, 1].map((own) => (own === 0 ? [1, -1] : [-1, 1]));
    const many = Array.from({ length: 500 }, () => rows).flat();
    const labels = Array.from({ length: 500 }, () => [0, 1, 0, 0]).flat();
    for (const scale of [1e-3, 1, 1e3]) {
      const scores = matrixOf(many.map((row) => row.map((value) => value * scale)));
      const [first] = toProbabilities("decision values", scores, labels)(scores);
      expect(first).toBeCloseTo(0.75, 3);
    }
  });
});

describe("compared", () => {
  it("finds the two-sided p of scipy.stats.binomtest", () => {
    const labels = new Int32Array(20);
    const first = Int32Array.from({ length: 20 }, (_, i) => (i < 12 ? 0 : 1));
    const second = Int32Array.from({ length: 20 }, (_, i) => (i >= 4 && i < 16 ? 0 : 1));
    // 4 rows right only by the one, 4 only by the other.
    expect(compared(first, second, labels)).toEqual({ firstOnly: 4, secondOnly: 4, p: 1 });
    const third = Int32Array.from({ length: 20 }, (_, i) => (i >= 8 && i < 13 ? 0 : 1));
    const { firstOnly, secondOnly, p } = compared(first, third, labels);
    expect([firstOnly, secondOnly]).toEqual([8, 1]);
    expect(p).toBeCloseTo(0.0390625, 10);
  });

  it("knows no difference where both say the same", () => {
    const same = Int32Array.of(0, 1);
    expect(compared(same, same, Int32Array.of(0, 0)).p).toBe(1);
  });
});
