import type { Config } from "../plan/plan.ts";
import type { TrainConfig } from "../stages/train/config.ts";
import { resolveRecipe } from "../stages/train/recipe.ts";

/**
 * The settings that a training ran with, or would: what its config leaves out is as its preset has it.
 *
 * @param config of `train`, as its schema has parsed it
 */
export function trainingSettings(config: Config): Config {
  const recipe = resolveRecipe(config as unknown as TrainConfig);
  const { epochs, learningRate, weightDecay, warmup, batch, labelSmoothing, patience } = recipe;
  return {
    ...config,
    ...{ epochs, weightDecay, warmup, batch, labelSmoothing, patience },
    lr: config["lr"] === "find" ? "find" : learningRate,
  };
}
