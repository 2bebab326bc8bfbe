import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { randomFor } from "../../../../shared/random.ts";
import { featureMap, photosOnMap } from "../../../../stages/report/figures/feature-map.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** So many photos of each class, in turn as they are in no order. */
function labelled(counts: readonly number[]) {
  const labels = counts.flatMap((count, label) => Array<number>(count).fill(label - 1));
  return { labels: Int32Array.from(labels), sha256s: labels.map((_, row) => sha256(String(row))) };
}

/** Three heaps of points far from each other. */
function heaps(each: number, width: number): Float32Array {
  const random = randomFor("heaps");
  return Float32Array.from({ length: 3 * each * width }, (_, at) => {
    const heap = Math.floor(at / (each * width));
    return random() + (at % width === heap ? 8 : 0);
  });
}

test("all photos are on the map where there is room", () => {
  expect(Array.from(photosOnMap(labelled([2, 3]), 0))).toEqual([0, 1, 2, 3, 4]);
});

test("otherwise each class has its share, unlabelled photos are one, and the smallest is there", () => {
  const photos = labelled([100, 600, 299, 1]);
  const counts = new Map<number, number>();
  for (const row of photosOnMap(photos, 0, 100)) {
    const label = photos.labels[row] ?? NaN;
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  expect(counts.get(-1)).toBeCloseTo(10, -1);
  expect(counts.get(0)).toBeGreaterThanOrEqual(59);
  expect(counts.get(1)).toBeGreaterThanOrEqual(29);
  expect(counts.get(2)).toBe(1);
  expect([...counts.values()].reduce((sum, count) => sum + count)).toBe(100);
});

test("which photos are drawn is a matter of their bytes and the seed, not of their order", () => {
  const photos = labelled([0, 40, 40]);
  const backwards = { labels: photos.labels.toReversed(), sha256s: photos.sha256s.toReversed() };
  const drawn = (set: typeof photos, seed: number) =>
    Array.from(photosOnMap(set, seed, 20), (row) => set.sha256s[row]).sort();
  expect(drawn(backwards, 0)).toEqual(drawn(photos, 0));
  expect(drawn(photos, 1)).not.toEqual(drawn(photos, 0));
});

test("rows are in the index's order, each once", () => {
  const rows = Array.from(photosOnMap(labelled([50, 50, 50]), 0, 60));
  expect(rows).toEqual([...new Set(rows)].sort((a, b) => a - b));
});

test("photos with similar features are near each other on the map, which fills the unit square", () => {
  const each = 30;
  const { points, components, variance } = featureMap(
    Int32Array.from({ length: 3 * each }, (_, row) => row),
    heaps(each, 8),
    0,
  );
  expect([components, variance]).toEqual([8, expect.closeTo(1, 6)]);
  expect(Math.min(...points)).toBeCloseTo(0, 6);
  expect(Math.max(...points)).toBeCloseTo(1, 6);
  const at = (row: number) => [points[2 * row] ?? NaN, points[2 * row + 1] ?? NaN] as const;
  for (let row = 0; row < 3 * each; row++) {
    const [x, y] = at(row);
    const near = Array.from({ length: 3 * each }, (_, other) => other)
      .filter((other) => other !== row)
      .map((other) => ({ other, distance: Math.hypot(x - at(other)[0], y - at(other)[1]) }))
      .sort((a, b) => a.distance - b.distance);
    expect(Math.floor((near[0]?.other ?? NaN) / each)).toBe(Math.floor(row / each));
  }
});

test("the same features give the same map", () => {
  const rows = Int32Array.from({ length: 36 }, (_, row) => row);
  const drawn = () => featureMap(rows, heaps(12, 5), 3).points;
  expect(drawn()).toEqual(drawn());
});

test("a few photos make a map too", () => {
  const { points } = featureMap(Int32Array.of(4, 7), Float32Array.of(1, 2, 3, 4, 5, 6), 0);
  expect(points).toHaveLength(4);
  expect(points.every((value) => value >= 0 && value <= 1)).toBe(true);
});
