import { expect, test } from "vitest";
import { engineNamed } from "../../../shared/engine/engines.ts";
import { randomFor } from "../../../shared/random.ts";
import { newHead } from "../../../shared/training/head.ts";
import { trainConfig } from "../../../stages/train/config.ts";
import { resolveRecipe } from "../../../stages/train/recipe.ts";
import { sideBySide } from "../../../stages/train/side-by-side.ts";
import { type Folds, startTrainer } from "../../../stages/train/trainer.ts";

const [size, features, classes] = [12, 4, 3];
const recipe = { ...resolveRecipe(trainConfig.parse({})), batch: size };
const standardisation = { mean: new Float32Array(features).fill(0.5), deviation: Float32Array.of(2) };
const kinds = ["linear", "mlp:5"];
const headOf = (kind: string) => newHead({ kind, features, classes, seed: 0, standardisation, opset: 17 });

/** Five steps on one batch. */
async function trained(kind: string, labels: readonly number[], folds?: Folds) {
  const single = headOf(kind);
  const { graph, weights, biases } = folds === undefined ? single : sideBySide(single, folds.count);
  const head = { weights, biases, norms: [] };
  const tail = { graph, input: "features", blocks: [], head, network: graph, headPrefix: "" };
  const trainer = startTrainer(await engineNamed("cpu"), tail, {
    ...{ classes, recipe, classWeights: new Float32Array(classes).fill(1), threads: 1, spinning: false },
    ...(folds === undefined ? {} : { folds }),
  });
  await trainer.enter({ firstEpoch: 0, blocks: 0 });
  const random = randomFor("out of fold's test");
  const batch = {
    rows: Float32Array.from({ length: size * features }, random),
    labels: Uint32Array.from(labels),
    numbers: Uint32Array.from({ length: size }, (_, i) => i),
    count: size,
  };
  for (let step = 0; step < 5; step++) await trainer.step(batch, 0.01);
  const parameters = await trainer.parameters();
  await trainer.close();
  return new Map([...parameters].map(([name, { data }]) => [name, Array.from(data, Number)]));
}

/** Not balanced: a gradient of 0 is rounding, which Adam blows up. */
const labels = [0, 0, 1, 0, 2, 1, 0, 0, 1, 0, 2, 0];

test.each(kinds)("%s heads side by side learn what one learns alone", async (kind) => {
  const alone = await trained(kind, labels);
  // No example is kept from any head.
  const both = await trained(kind, labels, { count: 2, of: new Uint32Array(size).fill(9) });
  expect(both.size).toBe(2 * alone.size);
  for (const [name, values] of alone)
    for (const copy of [0, 1])
      for (const [i, value] of values.entries())
        expect(both.get(`copy${copy}.${name}`)?.[i]).toBeCloseTo(value, 4);
});

test.each(kinds)("%s: a head knows nothing of the labels of its own fold", async (kind) => {
  const of = Uint32Array.from({ length: size }, (_, i) => i % 2);
  const before = await trained(kind, labels, { count: 2, of });
  const others = labels.map((label, i) => (of[i] === 0 ? (label + 1) % classes : label));
  const after = await trained(kind, others, { count: 2, of });
  for (const { weights } of [headOf(kind)])
    for (const name of weights) {
      expect(after.get(`copy0.${name}`)).toEqual(before.get(`copy0.${name}`));
      expect(after.get(`copy1.${name}`)).not.toEqual(before.get(`copy1.${name}`));
    }
});

test("what comes before the parameters is computed once for all heads", () => {
  const { graph } = sideBySide(headOf("linear"), 5);
  const count = (op: string) => graph.nodes.filter((node) => node.op === op).length;
  expect([count("Sub"), count("Div"), count("MatMul"), count("Concat")]).toEqual([1, 1, 5, 1]);
});
