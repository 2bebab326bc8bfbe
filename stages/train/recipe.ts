import type { TrainConfig } from "./config.ts";

/** How a head is trained: every choice made. */
export interface Recipe {
  readonly epochs: number;
  /** the highest */
  readonly learningRate: number;
  readonly weightDecay: number;
  /** epochs in which the learning rate rises from 0 */
  readonly warmup: number;
  readonly schedule: "cosine" | "constant";
  /** which views the epochs take in turn: all of them, or only the random ones */
  readonly views: "all" | "random";
  /** whether the features are brought to mean 0 and deviation 1 */
  readonly standardise: boolean;
  /** epochs without a better one after which training stops; 0: never */
  readonly patience: number;
}

/** Chosen by bench/head-defaults.ts on training photos alone. */
const byDefault: Recipe = {
  epochs: 30,
  learningRate: 1e-3,
  weightDecay: 1,
  warmup: 1,
  schedule: "cosine",
  views: "all",
  standardise: true,
  patience: 5,
};

/** What the original did: Keras's Adam at its default rate, on raw features of views that were never clean. */
const original: Recipe = {
  epochs: 9,
  learningRate: 1e-3,
  weightDecay: 0,
  warmup: 0,
  schedule: "constant",
  views: "random",
  standardise: false,
  patience: 0,
};

/** The preset's recipe with what was given explicitly put over it. */
export function resolveRecipe(config: TrainConfig): Recipe {
  const preset = config.preset === "recipe" ? original : byDefault;
  return {
    ...preset,
    epochs: config.epochs ?? preset.epochs,
    learningRate: config.lr ?? preset.learningRate,
    weightDecay: config.weightDecay ?? preset.weightDecay,
    warmup: config.warmup ?? preset.warmup,
    patience: config.patience ?? preset.patience,
  };
}

/**
 * The number of the view that an epoch reads.
 *
 * @param epoch from 0
 * @param views how many there are; view 0 is the clean one
 */
export function viewOfEpoch(recipe: Recipe, epoch: number, views: number): number {
  return recipe.views === "all" || views === 1 ? epoch % views : 1 + (epoch % (views - 1));
}

/**
 * The learning rate of a step: up a straight line during warm-up, then constant or down half a cosine to 0 (Loshchilov and
 * Hutter, "SGDR", 2017, without restarts).
 *
 * @param step from 0, over all epochs
 */
export function learningRateAt(recipe: Recipe, step: number, stepsPerEpoch: number): number {
  const rising = Math.min(recipe.warmup, recipe.epochs) * stepsPerEpoch;
  const all = recipe.epochs * stepsPerEpoch;
  if (step < rising) return (recipe.learningRate * (step + 1)) / (rising + 1);
  if (recipe.schedule === "constant") return recipe.learningRate;
  return (recipe.learningRate * (1 + Math.cos((Math.PI * (step - rising)) / (all - rising)))) / 2;
}
