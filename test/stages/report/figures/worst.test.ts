import { expect, test } from "vitest";
import { mostUnsure, mostWrong } from "../../../../stages/report/figures/worst.ts";
import { answered } from "./answers.ts";

const photos = answered(
  [0, 1, 2, 0, 1],
  [
    [0.625, 0.25, 0.125],
    [0.75, 0.125, 0.125],
    [0.5, 0.375, 0.125],
    [0, 0.9375, 0.0625],
    [0.25, 0.375, 0.375],
  ],
);

test("the most wrong photos are those with the highest probability of a wrong guess", () => {
  expect(mostWrong(photos, 2).map(({ row }) => row)).toEqual([103, 101]);
  expect(mostWrong(photos, 9).map(({ row }) => row)).toEqual([103, 101, 102]);
});

test("the most unsure photos are those whose two highest probabilities are nearest to each other", () => {
  expect(mostUnsure(photos, 3).map(({ row }) => row)).toEqual([104, 102, 100]);
});

test("a photo comes with its true class, the guess, the runner-up and their probabilities", () => {
  expect(mostWrong(photos, 3).at(-1)).toEqual({
    ...{ row: 102, truth: 2, guess: 0, second: 1 },
    ...{ probability: 0.5, truthProbability: 0.125, secondProbability: 0.375 },
  });
});

test("with one class nothing is wrong", () => {
  const alone = answered([0, 0], [[1], [1]]);
  expect(mostWrong(alone, 5)).toEqual([]);
  expect(mostUnsure(alone, 5)).toHaveLength(2);
});
