import { z } from "zod";
import { backboneOption, engineOption, weightsOption } from "../../shared/options.ts";

/** What `train` reads of the config. What may be left out is the preset's: recipe.ts. */
export const trainConfig = z.object({
  backbone: backboneOption,
  weights: weightsOption,
  engine: engineOption,
  head: z
    .string()
    .regex(/^(linear|mlp:[1-9]\d{0,4})$/, 'expected "linear" or "mlp:" and a width, as in mlp:512')
    .default("linear")
    .describe("what is put on the backbone: linear, or mlp:512 for one hidden layer"),
  preset: z
    .enum(["default", "recipe"])
    .default("default")
    .describe("recipe: Adam, constant rate, nine epochs on random views; flags that are given win over it"),
  epochs: z.int().min(1).optional().describe("passes over the training photos; default 30, recipe 9"),
  lr: z.number().positive().optional().describe("the highest learning rate; default 0.002, recipe 0.001"),
  weightDecay: z.number().min(0).optional().describe("AdamW's decay of the weights; default 5, recipe 0"),
  warmup: z.number().min(0).optional().describe("epochs in which the rate rises; default 1, recipe 0"),
  batch: z.int().min(1).default(256).describe("photos in a training step"),
  labelSmoothing: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe("share of each target that is spread over all classes"),
  classWeights: z
    .enum(["none", "balanced"])
    .default("none")
    .describe("balanced: every class counts the same, however many photos it has"),
  patience: z
    .int()
    .min(0)
    .optional()
    .describe("epochs without a better one after which training stops, 0 never; default 15, recipe 0"),
  best: z
    .enum(["loss", "macro-f1"])
    .default("loss")
    .describe("what the epoch that is kept is best at, on the validation photos"),
  seed: z.int().min(0).max(0xffff_ffff).default(0).describe("the seed of the head and of the photos' order"),
});

export type TrainConfig = z.infer<typeof trainConfig>;
