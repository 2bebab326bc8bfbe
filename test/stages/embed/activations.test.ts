import { expect, it } from "vitest";
import type { Shard } from "../../../shared/arrow/shard.ts";
import type { Session } from "../../../shared/engine/engine.ts";
import { outOfMemory, shrinkingBatch } from "../../../shared/engine/out-of-memory.ts";
import { computeRows } from "../../../stages/embed/activations.ts";

/** Five photos of one pixel; view v of photo i is 10 v + i, three times. */
const pixels = {
  photos: ["a", "b", "c", "d", "e"],
  shape: [1, 1, 3],
  view: (v: number) => Promise.resolve(Uint8Array.from({ length: 15 }, (_, i) => 10 * v + Math.floor(i / 3))),
} as unknown as Shard;

it("goes on with half as many views at once where memory runs out, every row in its place", async () => {
  const given: number[] = [];
  const session: Session = {
    run({ image }) {
      const rows = image?.dims[0] ?? 0;
      given.push(rows);
      if (rows > 2) return Promise.reject(outOfMemory("fake", "no room", null));
      const data = Float32Array.from({ length: rows }, (_, i) => Number(image?.data[3 * i]));
      return Promise.resolve({ features: { type: "float32", dims: [rows, 1], data } });
    },
    close: () => Promise.resolve(),
  };
  const told: number[] = [];
  const missing = [0, 1, 2, 4].flatMap((row) => [0, 1].map((view) => ({ view, row })));
  const into = [new Float32Array(5), new Float32Array(5)];
  await computeRows(
    session,
    pixels,
    missing,
    into,
    1,
    shrinkingBatch(4, (rows) => told.push(rows)),
  );
  expect(into.map((view) => [...view])).toEqual([
    [10, 11, 12, 0, 14],
    [20, 21, 22, 0, 24],
  ]);
  expect(given).toEqual([4, 2, 2, 2, 2]);
  expect(told).toEqual([2]);
});
