import { expect, test } from "vitest";
import { distanceFromDefaults } from "../../../commands/sweep/distance.ts";
import { axesOf, sweepable } from "../../../commands/sweep/grid.ts";
import { optionsOf } from "../../../plan/options.ts";
import type { Json } from "../../../shared/artifacts/types.ts";
import { stages } from "../../../stages/stages.ts";
import { trainConfig } from "../../../stages/train/config.ts";

function distance(words: readonly string[], given: Record<string, unknown>): number {
  const axes = axesOf(words, sweepable(optionsOf(stages), "train"), 4);
  return distanceFromDefaults(axes, trainConfig.parse(given) as unknown as Record<string, Json>);
}

test("a default is no distance, whoever decides it: the schema, or the preset", () => {
  expect(distance(["layer-decay=0.5,0.9"], { layerDecay: 0.9 })).toBe(0);
  expect(distance(["lr=0.001,0.002"], { lr: 0.002 })).toBe(0);
  expect(distance(["epochs=5,30"], { epochs: 30 })).toBe(0);
  expect(distance(["epochs=5,30"], { epochs: 5, unfreeze: "2" })).toBe(0);
});

test("twice and half a default are equally far", () => {
  expect(distance(["lr=0.001,0.004"], { lr: 0.004 })).toBeCloseTo(Math.LN2, 12);
  expect(distance(["lr=0.001,0.004"], { lr: 0.001 })).toBeCloseTo(Math.LN2, 12);
});

test("words and zeros that differ count one each, and blocks not at all", () => {
  expect(distance(["best=loss,macro-f1", "weight-decay=0,1"], { best: "macro-f1", weightDecay: 0 })).toBe(2);
  expect(distance(["unfreeze=0,4"], { unfreeze: "4" })).toBe(0);
});
