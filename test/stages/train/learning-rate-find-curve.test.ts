import { expect, test } from "vitest";
import { randomFor } from "../../../shared/random.ts";
import {
  curveOf,
  isDiverging,
  suggestionOf,
  type TriedRate,
} from "../../../stages/train/learning-rate-find-curve.ts";

/** A range test of 121 steps over six decades, its losses a function of the rate's logarithm. */
function tried(
  lossAt: (decade: number) => number,
  weightOf: (step: number) => number = () => 32,
): TriedRate[] {
  return Array.from({ length: 121 }, (_, i) => {
    const decade = -6 + i / 20;
    return { learningRate: 10 ** decade, loss: lossAt(decade), weight: weightOf(i) };
  });
}

test("a straight line stays what it is, up to both ends", () => {
  const steps = tried(
    (x) => 2 - 0.3 * x,
    (i) => 1 + (i % 5),
  );
  for (const { loss, smoothedLoss, slope } of curveOf(steps)) {
    expect(smoothedLoss).toBeCloseTo(loss, 9);
    expect(slope).toBeCloseTo(-0.3, 9);
  }
});

test("an example counts as much in a small batch as in a full one", () => {
  const odd = (i: number) => i % 2 === 1;
  const steps = tried(
    (x) => (odd(Math.round((x + 6) * 20)) ? 10 : 1),
    (i) => (odd(i) ? 1 : 99),
  );
  // Around the middle, in a quarter of a decade to either side: five full batches at 1 and six small ones at 10.
  expect(curveOf(steps)[60]?.smoothedLoss).toBeCloseTo((5 * 99 + 6 * 10) / (5 * 99 + 6), 9);
});

test("smoothing does not move the steepest place, though every batch is noisy", () => {
  const random = randomFor("noise of a range test");
  const sigmoid = (x: number) => 2.3 - 1.8 / (1 + Math.exp(-3 * (x + 3)));
  const steps = tried((x) => sigmoid(x) + 0.2 * (random() - 0.5));
  const suggested = suggestionOf(curveOf(steps)) ?? NaN;
  expect(Math.abs(Math.log10(suggested) + 3)).toBeLessThan(0.3);
});

test("what falls after the lowest point is not suggested", () => {
  // Gently down to 1e-3, up, and then a cliff from higher than it began.
  const lossAt = (x: number) => (x < -3 ? 1 - 0.2 * (x + 6) : x < -1 ? 0.4 + 2 * (x + 3) : 4.4 - 3 * (x + 1));
  const suggested = suggestionOf(curveOf(tried(lossAt))) ?? NaN;
  expect(suggested).toBeLessThan(1e-3);
});

test("where the loss never falls, nothing is suggested", () => {
  expect(suggestionOf(curveOf(tried((x) => x + 7)))).toBeNull();
});

test("one odd batch is no divergence, several are", () => {
  const calm = tried(() => 1).slice(0, 40);
  const odd: TriedRate = { learningRate: 0.1, loss: 12, weight: 32 };
  expect(isDiverging(calm)).toBe(false);
  expect(isDiverging([...calm, odd])).toBe(false);
  expect(isDiverging([...calm, odd, odd, odd, odd, odd, odd])).toBe(true);
});
