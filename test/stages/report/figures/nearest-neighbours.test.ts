import { expect, test } from "vitest";
import { randomFor } from "../../../../shared/random.ts";
import { nearestNeighbours } from "../../../../stages/report/figures/nearest-neighbours.ts";

test("neighbours are those of sorting all distances", () => {
  const random = randomFor("points");
  const points = Array.from({ length: 50 }, () => [random(), random(), random()]);
  const { numbers, distances } = nearestNeighbours(points, 6);
  points.forEach((from, own) => {
    const sorted = points
      .map((to, number) => ({ number, distance: Math.hypot(...from.map((x, i) => x - (to[i] ?? NaN))) }))
      .sort((a, b) => a.distance - b.distance)
      .slice(0, 6);
    expect(numbers[own]).toEqual(sorted.map(({ number }) => number));
    expect(distances[own]?.[5]).toBeCloseTo(sorted[5]?.distance ?? NaN, 12);
  });
});

test("a point is its own first neighbour, among many in the same place too", () => {
  const { numbers, distances } = nearestNeighbours([[1, 1], [1, 1], [1, 1], [1, 1]], 2); // prettier-ignore
  expect(numbers.map(([first]) => first)).toEqual([0, 1, 2, 3]);
  expect(numbers.map((near) => new Set(near).size)).toEqual([2, 2, 2, 2]);
  expect(distances).toEqual([[0, 0], [0, 0], [0, 0], [0, 0]]); // prettier-ignore
});
