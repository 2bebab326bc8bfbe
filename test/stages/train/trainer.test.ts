import { expect, it } from "vitest";
import type { Engine } from "../../../shared/engine/engine.ts";
import { outOfMemory } from "../../../shared/engine/out-of-memory.ts";
import { newHead } from "../../../shared/training/head.ts";
import { trainConfig } from "../../../stages/train/config.ts";
import { resolveRecipe } from "../../../stages/train/recipe.ts";
import { startTrainer } from "../../../stages/train/trainer.ts";

/** Takes every graph, and has memory for no step. */
const full: Engine = {
  name: "full",
  library: { name: "none", version: "0" },
  runsGradientOperators: false,
  threadSafe: true,
  load: () => Promise.reject(new Error("not asked for")),
  loop: () =>
    Promise.resolve({
      run: () => Promise.reject(outOfMemory("full", "no room", null)),
      read: () => Promise.resolve(new Map()),
      close: () => Promise.resolve(),
    }),
};

it.each([
  ["32", /train: expected memory for a step for "--batch 32" but got .*no room\n {2}give --batch 16/],
  ["1", /unfreeze less/],
])("a step of %s that memory does not hold is an error which says what to give", async (batch, message) => {
  const recipe = { ...resolveRecipe(trainConfig.parse({})), batch: Number(batch) };
  const { graph, weights, biases } = newHead({
    ...{ kind: "linear", features: 2, classes: 2, seed: 0, standardisation: null, opset: 17 },
  });
  const head = { weights, biases, norms: [] };
  const tail = { graph, input: "features", blocks: [], head, network: graph, headPrefix: "" };
  const trainer = startTrainer(full, tail, {
    ...{ classes: 2, recipe, classWeights: Float32Array.of(1, 1), threads: 1, spinning: false },
  });
  await trainer.enter({ firstEpoch: 0, blocks: 0 });
  const rows = new Float32Array(2 * recipe.batch);
  const [labels, numbers] = [new Uint32Array(recipe.batch), new Uint32Array(recipe.batch)];
  const step = trainer.step({ rows, labels, numbers, count: 1 }, 0.1);
  await expect(step).rejects.toMatchObject({
    code: "engine",
    message: expect.stringMatching(message) as string,
  });
});
