import { expect, test } from "vitest";
import { trainConfig } from "../../../stages/train/config.ts";
import { learningRateAt, type Recipe, resolveRecipe, viewOfEpoch } from "../../../stages/train/recipe.ts";

const recipe: Recipe = {
  epochs: 10,
  learningRate: 0.5,
  weightDecay: 0,
  warmup: 2,
  beta2: 0.999,
  schedule: "cosine",
  views: "all",
  randomViewRate: 0.25,
  standardise: true,
  patience: 0,
  batch: 32,
  labelSmoothing: 0,
  backboneRate: 0.1,
  layerDecay: 0.9,
  blockDecay: 0,
  gradual: false,
  clip: 0,
  average: 0,
};

test("the rate rises during warm-up and then falls along half a cosine", () => {
  const rates = Array.from({ length: 100 }, (_, step) => learningRateAt(recipe, step, 10));
  for (let step = 1; step <= 20; step++) expect(rates[step]).toBeGreaterThan(rates[step - 1] ?? NaN);
  for (let step = 21; step < 100; step++) expect(rates[step]).toBeLessThan(rates[step - 1] ?? NaN);
  expect(rates[0]).toBeCloseTo(0.5 / 21, 12);
  expect(rates[20]).toBe(0.5);
  expect(rates[60]).toBeCloseTo(0.25, 12);
  expect(rates[99]).toBeLessThan(0.001);
});

test("random views are learned from at their own share of the rate", () => {
  expect(learningRateAt(recipe, 50, 10, 2)).toBe(learningRateAt(recipe, 50, 10, 0) / 4);
});

test("without warm-up the first step has the full rate", () => {
  expect(learningRateAt({ ...recipe, warmup: 0 }, 0, 10)).toBe(0.5);
});

test("a warm-up longer than the training never reaches the full rate", () => {
  const rates = Array.from({ length: 100 }, (_, step) => learningRateAt({ ...recipe, warmup: 20 }, step, 10));
  expect(Math.max(...rates)).toBeLessThan(0.5);
  expect(rates.every((rate) => rate > 0)).toBe(true);
});

test("a constant rate stays", () => {
  expect(learningRateAt({ ...recipe, schedule: "constant" }, 99, 10)).toBe(0.5);
});

test("epochs take the views in turn, the clean one first", () => {
  expect([0, 1, 2, 3, 4].map((epoch) => viewOfEpoch(recipe, epoch, 3))).toEqual([0, 1, 2, 0, 1]);
  expect([0, 1].map((epoch) => viewOfEpoch(recipe, epoch, 1))).toEqual([0, 0]);
});

test("the original's recipe: Adam at 1e-3, nine epochs, no decay, raw features of random views", () => {
  const original = resolveRecipe(trainConfig.parse({ preset: "recipe" }));
  expect(original).toMatchObject({
    epochs: 9,
    learningRate: 1e-3,
    weightDecay: 0,
    warmup: 0,
    schedule: "constant",
  });
  expect(original).toMatchObject({ standardise: false, patience: 0 });
  expect([0, 1, 2, 3].map((epoch) => viewOfEpoch(original, epoch, 4))).toEqual([1, 2, 3, 1]);
  expect(viewOfEpoch(original, 3, 1)).toBe(0);
});

test("what is given explicitly wins over the preset", () => {
  const given = { lr: 3e-4, epochs: 2, weightDecay: 0.1, warmup: 0.5, patience: 4 };
  for (const preset of ["default", "recipe"] as const)
    expect(resolveRecipe(trainConfig.parse({ preset, ...given }))).toMatchObject({
      learningRate: 3e-4,
      epochs: 2,
      weightDecay: 0.1,
      warmup: 0.5,
      patience: 4,
    });
});

test("a head is linear, or mlp: and a width", () => {
  for (const head of ["linear", "mlp:512"]) expect(trainConfig.parse({ head }).head).toBe(head);
  for (const head of ["mlp", "mlp:0", "mlp:-1", "deep", "linear:3"])
    expect(() => trainConfig.parse({ head })).toThrow("mlp:512");
});
