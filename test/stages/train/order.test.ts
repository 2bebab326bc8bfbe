import { expect, test } from "vitest";
import { epochOrder } from "../../../stages/train/order.ts";

const counts = [5, 9, 3, 7, 7, 1, 8];

test("an epoch takes every example of every shard once", () => {
  const windows = epochOrder(counts, 16, 0, 0);
  expect(windows.flatMap(({ shards }) => shards).sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  for (const { shards, order } of windows) {
    const examples = shards.reduce((sum, shard) => sum + (counts[shard] ?? 0), 0);
    expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: examples }, (_, i) => i));
  }
});

test("a window is no larger than asked where it holds more than two shards", () => {
  for (const { shards, order } of epochOrder(counts, 16, 3, 1))
    expect(shards.length <= 2 || order.length <= 16).toBe(true);
});

test("the order follows from seed and epoch, and differs between them", () => {
  expect(epochOrder(counts, 16, 1, 2)).toEqual(epochOrder(counts, 16, 1, 2));
  expect(epochOrder(counts, 16, 1, 2)).not.toEqual(epochOrder(counts, 16, 1, 3));
  expect(epochOrder(counts, 16, 1, 2)).not.toEqual(epochOrder(counts, 16, 2, 2));
});

test("one shard is one window, and no shards are none", () => {
  expect(epochOrder([4], 1, 0, 0).map(({ shards }) => shards)).toEqual([[0]]);
  expect(epochOrder([], 16, 0, 0)).toEqual([]);
});
