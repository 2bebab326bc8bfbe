import { expect, test } from "vitest";
import { nearDuplicatesOf } from "../../../../stages/report/figures/near-duplicates.ts";

const photos = {
  labels: Int32Array.of(0, 0, 1, 1, -1, 0),
  splits: ["train", "validation", "train", "train", null, "test"] as const,
  sha256s: ["a", "a", "b", "c", "a", "d"],
};

test("look-alikes are counted by what they do to a run", () => {
  const found = nearDuplicatesOf(photos, [
    { first: 0, second: 1, distance: 0 },
    { first: 0, second: 2, distance: 3 },
    { first: 2, second: 3, distance: 1 },
    { first: 2, second: 5, distance: 2 },
  ]);
  const { pairs, identical, acrossSplit, acrossLabels } = found;
  expect({ pairs, identical, acrossSplit, acrossLabels }).toEqual({
    ...{ pairs: 4, identical: 1, acrossSplit: 2, acrossLabels: 2 },
  });
});

test("pairs of consequence are listed, other labels first, then the nearest", () => {
  const { listed } = nearDuplicatesOf(photos, [
    { first: 0, second: 1, distance: 0 },
    { first: 2, second: 0, distance: 3 },
    { first: 2, second: 3, distance: 1 },
    { first: 2, second: 5, distance: 2 },
  ]);
  expect(listed.map(({ first, second }) => [first, second])).toEqual([
    [2, 5],
    [0, 2],
    [0, 1],
  ]);
});

test("where no photo has a label, all pairs are listed, the nearest first", () => {
  const unlabelled = {
    ...photos,
    labels: photos.labels.map(() => -1),
    splits: photos.splits.map(() => null),
  };
  const { listed, acrossSplit, acrossLabels } = nearDuplicatesOf(unlabelled, [
    { first: 0, second: 2, distance: 3 },
    { first: 0, second: 1, distance: 0 },
  ]);
  expect(listed.map(({ first, second }) => [first, second])).toEqual([
    [0, 1],
    [0, 2],
  ]);
  expect([acrossSplit, acrossLabels]).toEqual([0, 0]);
});

test("an unlabelled photo crosses neither the split nor labels", () => {
  const { listed, identical } = nearDuplicatesOf(photos, [{ first: 1, second: 4, distance: 0 }]);
  expect(identical).toBe(1);
  expect(listed).toEqual([]);
});
