import { expect, test } from "vitest";
import { confusedPairs } from "../../../../stages/report/figures/confusion.ts";

test("confused pairs come with most photos first, then the greater share, then in class order", () => {
  const counts = Uint32Array.from([
    [6, 2, 0, 0],
    [2, 2, 3, 0],
    [0, 0, 0, 0],
    [1, 0, 1, 0],
  ].flat()); // prettier-ignore
  expect(confusedPairs({ classes: 4, counts })).toEqual([
    { truth: 1, guess: 2, count: 3, share: 3 / 7 },
    { truth: 1, guess: 0, count: 2, share: 2 / 7 },
    { truth: 0, guess: 1, count: 2, share: 2 / 8 },
    { truth: 3, guess: 0, count: 1, share: 1 / 2 },
    { truth: 3, guess: 2, count: 1, share: 1 / 2 },
  ]);
});

test("where nothing is confused there are no pairs", () => {
  expect(confusedPairs({ classes: 2, counts: Uint32Array.of(5, 0, 0, 7) })).toEqual([]);
});
