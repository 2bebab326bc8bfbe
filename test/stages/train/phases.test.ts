import { expect, test } from "vitest";
import { trainConfig } from "../../../stages/train/config.ts";
import { groupsOf, phasesOf } from "../../../stages/train/phases.ts";
import { resolveRecipe } from "../../../stages/train/recipe.ts";

const recipe = { epochs: 5, gradual: false };

test("everything that is unfrozen is trained from the first epoch on", () => {
  expect(phasesOf(recipe, 4)).toEqual([{ firstEpoch: 0, blocks: 4 }]);
});

test("gradually, each epoch unfreezes one block more, until all of them are or the epochs are over", () => {
  const gradual = { ...recipe, gradual: true };
  expect(phasesOf(gradual, 3).map(({ firstEpoch, blocks }) => [firstEpoch, blocks])).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
  expect(phasesOf({ ...gradual, epochs: 2 }, 9).map(({ blocks }) => blocks)).toEqual([1, 2]);
});

test("a frozen network has one phase", () => {
  expect(phasesOf(recipe, 0)).toEqual([{ firstEpoch: 0, blocks: 0 }]);
});

test("the rate falls from block to block, and biases and norms do not decay", () => {
  const blocks = ["a", "b"].map((name) => ({
    name,
    weights: [`${name}.weight`],
    biases: [`${name}.bias`],
    norms: [],
  }));
  const head = { weights: ["head.weight"], biases: ["head.bias"], norms: [] };
  const settings = { unfreeze: "2", backboneRate: 0.1, layerDecay: 0.5, blockDecay: 0.01, weightDecay: 3 };
  const groups = groupsOf(
    { blocks, head },
    { firstEpoch: 1, blocks: 2 },
    resolveRecipe(trainConfig.parse(settings)),
  );
  expect(groups).toEqual([
    { parameters: ["head.weight"], rate: 1, decay: 3 },
    { parameters: ["head.bias"], rate: 1, decay: 0 },
    { parameters: ["b.weight"], rate: 0.1, decay: 0.01 },
    { parameters: ["b.bias"], rate: 0.1, decay: 0 },
    { parameters: ["a.weight"], rate: 0.05, decay: 0.01 },
    { parameters: ["a.bias"], rate: 0.05, decay: 0 },
  ]);
});
