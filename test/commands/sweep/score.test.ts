import { expect, test } from "vitest";
import { type Candidate, oneToTake, ranked, spreadOf, standardError } from "../../../commands/sweep/score.ts";

function candidate(accuracies: readonly number[], { blocks = 0, distance = 0, loss = 1 } = {}): Candidate {
  return { accuracy: spreadOf(accuracies), loss: spreadOf([loss]), blocks, distance };
}

test("mean and standard deviation are the sample's", () => {
  // numpy.std([0.8, 0.9, 0.85, 0.75], ddof=1)
  const { mean, deviation } = spreadOf([0.8, 0.9, 0.85, 0.75]);
  expect(mean).toBeCloseTo(0.825, 12);
  expect(deviation).toBeCloseTo(0.06454972243679027, 12);
  expect(standardError(spreadOf([0.8, 0.9, 0.85, 0.75]))).toBeCloseTo(0.032274861218395134, 12);
  expect(spreadOf([0.5]).deviation).toBe(0);
});

test("the most accurate comes first, and of equals the one with the lower loss", () => {
  const [a, b, c] = [candidate([0.8]), candidate([0.9], { loss: 2 }), candidate([0.9], { loss: 1 })];
  expect(ranked([a, b, c])).toEqual([c, b, a]);
});

test("within one standard error of the best, the one that trains the fewest blocks is taken", () => {
  // The best: 0.90 ± 0.01 over four folds, so that a standard error is 0.0058.
  const best = candidate([0.89, 0.91, 0.89, 0.91], { blocks: 4 });
  const near = candidate([0.895, 0.895, 0.895, 0.895], { blocks: 2 });
  const nearToo = candidate([0.896, 0.896, 0.896, 0.896], { blocks: 3 });
  const far = candidate([0.893, 0.893, 0.893, 0.893], { blocks: 0 });
  expect(oneToTake(ranked([far, nearToo, near, best]))).toBe(near);
});

test("of as many blocks, the one nearest to the defaults is taken, and of equals the best", () => {
  const best = candidate([0.88, 0.92], { distance: 3 });
  const usual = candidate([0.89, 0.89], { distance: 1 });
  const alike = candidate([0.885, 0.885], { distance: 1 });
  expect(oneToTake(ranked([alike, usual, best]))).toBe(usual);
});

test("of none, none is taken", () => {
  expect(oneToTake([])).toBeNull();
});
