import { expect, test } from "vitest";
import { axesOf, pointsOf, sweepable } from "../../../commands/sweep/grid.ts";
import { optionsOf } from "../../../plan/options.ts";
import { stages } from "../../../stages/stages.ts";

const options = sweepable(optionsOf(stages), "train");
const valuesOf = (word: string, points = 4) => axesOf([word], options, points)[0]?.values;

test("a list is its values, as the option's own schema reads them", () => {
  expect(valuesOf("lr=1e-4,0.003")).toEqual([0.0001, 0.003]);
  expect(valuesOf("unfreeze=0,2,all")).toEqual(["0", "2", "all"]);
  expect(valuesOf("gradual=true,false")).toEqual([true, false]);
  expect(valuesOf("label-smoothing=0.1")).toEqual([0.1]);
});

test("a range is points at equal ratios between both ends", () => {
  expect(valuesOf("lr=1e-4..1e-2")).toEqual([0.0001, 0.000464, 0.00215, 0.01]);
  expect(valuesOf("lr=1e-4..1e-2", 3)).toEqual([0.0001, 0.001, 0.01]);
  expect(valuesOf("layer-decay=0.9..1", 3)).toEqual([0.9, 0.949, 1]);
});

test("a range of a whole-number option has whole numbers, each once", () => {
  expect(valuesOf("epochs=5..40")).toEqual([5, 10, 20, 40]);
  expect(valuesOf("epochs=1..3", 6)).toEqual([1, 2, 3]);
});

test("the grid is the product, its last axis turning fastest", () => {
  const points = pointsOf(axesOf(["lr=0.1,0.2", "unfreeze=0,2,4"], options, 4));
  expect(points.map((point) => [...point.values()])).toEqual([
    [0.1, "0"],
    [0.1, "2"],
    [0.1, "4"],
    [0.2, "0"],
    [0.2, "2"],
    [0.2, "4"],
  ]);
  expect([...(points[0]?.keys() ?? [])]).toEqual(["lr", "unfreeze"]);
});

test.each([
  [["lr"], /expected NAME=VALUES for "--sweep" but got lr/],
  [["lr="], /expected NAME=VALUES/],
  [["unfreze=0,2"], /expected a setting of train for "--sweep unfreze".*\n {2}did you mean unfreeze\?/],
  [["views=1,2"], /expected a setting of train for "--sweep views"/],
  [["fold=1/5"], /expected a setting of train for "--sweep fold"/],
  [["lr=1e-3,fast"], /expected a number above 0, or "find" for "--sweep lr" but got fast/],
  [["lr=1e-3,find"], /expected rates for "--sweep lr" but got "find"/],
  [["lr=1e-2..1e-4"], /expected LOW..HIGH, both above 0 and LOW the lower for "--sweep lr"/],
  [["weight-decay=0..1"], /expected LOW..HIGH, both above 0/],
  [["epochs=0.5,2"], /for "--sweep epochs" but got 0.5/],
  [["lr=1", "lr=2"], /expected each setting once for "--sweep lr" but got it twice/],
])("%j is one clear error", (words, message) => {
  expect(() => axesOf(words, options, 4)).toThrow(message);
});
