import { expect, test } from "vitest";
import { heldRows, planRows, viewsOfPlan } from "../../../shared/arrow/held-rows.ts";

const record = (key: string, photos: string[], views: number[]) => ({
  ...{ key, derivation: "d", photos, views },
  ...{ bytes: 1, sha256: key.repeat(64) },
});

test("rows that finished shards hold are copied, the others are made", () => {
  const held = heldRows([record("a", ["x", "y"], [0, 1]), record("b", ["z"], [0])]);
  const { copies, missing } = planRows(["y", "z"], [0, 1], held);
  expect(copies.map(({ shard, rows }) => [shard, rows])).toEqual([
    [
      "a",
      [
        { from: { view: 0, row: 1 }, to: { view: 0, row: 0 } },
        { from: { view: 1, row: 1 }, to: { view: 1, row: 0 } },
      ],
    ],
    ["b", [{ from: { view: 0, row: 0 }, to: { view: 0, row: 1 } }]],
  ]);
  expect(missing).toEqual([{ view: 1, row: 1 }]);
});

test("a part of a plan has the rows of its own views, counted from the first of them", () => {
  const held = heldRows([record("a", ["x", "y"], [0, 1, 2])]);
  const plan = planRows(["y", "new"], [0, 1, 2], held);
  const part = viewsOfPlan(plan, 1, 2);
  expect(part.copies.map(({ rows }) => rows)).toEqual([
    [
      { from: { view: 1, row: 1 }, to: { view: 0, row: 0 } },
      { from: { view: 2, row: 1 }, to: { view: 1, row: 0 } },
    ],
  ]);
  expect(part.missing).toEqual([
    { view: 0, row: 1 },
    { view: 1, row: 1 },
  ]);
  expect(viewsOfPlan(planRows(["new"], [0], held), 0, 1).copies).toEqual([]);
});
