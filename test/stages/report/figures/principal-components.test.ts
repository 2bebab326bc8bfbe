import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { principalComponents } from "../../../../stages/report/figures/principal-components.ts";

/** Made by scripts/make-report-goldens.py with scikit-learn. */
const golden = JSON.parse(await readFile(new URL("../golden/components.json", import.meta.url), "utf8")) as {
  rows: number;
  points: number[];
  scores: number[];
  variance: number;
};

test("the components are scikit-learn's, up to their signs", () => {
  const { scores, variance } = principalComponents(Float32Array.from(golden.points), golden.rows, 3, 0);
  expect(variance).toBeCloseTo(golden.variance, 6);
  const own = scores.to1DArray();
  for (let component = 0; component < 3; component++) {
    const sign = Math.sign((own[component] ?? 0) * (golden.scores[component] ?? 0));
    for (let at = component; at < own.length; at += 3)
      expect(own[at]).toBeCloseTo(sign * (golden.scores[at] ?? NaN), 2);
  }
});

test("the same points have the same components", () => {
  const points = Float32Array.from(golden.points);
  const found = () => principalComponents(points, golden.rows, 5, 0).scores.to1DArray();
  expect(found()).toEqual(found());
});

test("there are no more components than rows or numbers in a row, and then they hold everything", () => {
  const { scores, variance } = principalComponents(Float32Array.of(1, 2, 3, 5, 4, 1), 3, 50, 0);
  expect([scores.rows, scores.columns]).toEqual([3, 2]);
  expect(variance).toBeCloseTo(1, 12);
});

test("rows that are all the same have no spread", () => {
  const { scores, variance } = principalComponents(new Float32Array(40).fill(3), 10, 2, 0);
  expect(variance).toBe(1);
  expect(scores.to1DArray().every((value) => value === 0)).toBe(true);
});
