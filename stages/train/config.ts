import { z } from "zod";
import {
  backboneOption,
  deviceOption,
  engineOption,
  normalisationOption,
  unfreezeOption,
  weightsOption,
} from "../../shared/options.ts";

/** What `train` reads of the config. What may be left out is the preset's: recipe.ts. */
export const trainConfig = z.object({
  backbone: backboneOption,
  weights: weightsOption,
  normalisation: normalisationOption,
  engine: engineOption,
  device: deviceOption,
  unfreeze: unfreezeOption,
  head: z
    .string()
    .regex(/^(linear|mlp:[1-9]\d{0,4})$/, 'expected "linear" or "mlp:" and a width, as in mlp:512')
    .default("linear")
    .describe("what is put on the backbone: linear, or mlp:512 for one hidden layer"),
  preset: z
    .enum(["default", "recipe"])
    .default("default")
    .describe("recipe: Adam, constant rate, nine epochs on random views; flags that are given win over it"),
  epochs: z
    .int()
    .min(1)
    .optional()
    .describe("passes over the training photos; default 30 (5 with --unfreeze), recipe 9"),
  lr: z
    .union([z.number().positive(), z.literal("find")], 'expected a number above 0, or "find"')
    .optional()
    .describe(
      "the highest learning rate, the head's; default 0.002, recipe 0.001; find: try rates from 1e-6 to 1, plot the loss, suggest one, train nothing",
    ),
  weightDecay: z
    .number()
    .min(0)
    .optional()
    .describe("AdamW's decay of the head's weights; default 5, recipe 0"),
  warmup: z.number().min(0).optional().describe("epochs in which the rate rises; default 1, recipe 0"),
  batch: z.int().min(1).optional().describe("photos in a training step; default 256 (32 with --unfreeze)"),
  labelSmoothing: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe("share of each target that is spread over all classes; default 0 (0.1 with --unfreeze)"),
  backboneRate: z
    .number()
    .min(0)
    .default(0.1)
    .describe("learning rate of the topmost unfrozen block, as a share of the head's"),
  layerDecay: z
    .number()
    .positive()
    .max(1)
    .default(0.9)
    .describe("learning rate of each unfrozen block, as a share of the one's above it"),
  blockDecay: z.number().min(0).default(0.01).describe("AdamW's decay of the unfrozen blocks' weights"),
  headEpochs: z
    .int()
    .min(0)
    .default(30)
    .describe(
      "with --unfreeze: passes over the clean views' features in which the head is trained alone first",
    ),
  gradual: z
    .boolean()
    .default(false)
    .describe("unfreeze one block more with each epoch, from the last one down"),
  clip: z
    .number()
    .min(0)
    .default(0)
    .describe("the greatest norm of all gradients together, beyond which they are scaled down; 0: none"),
  average: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe(
      "keep an exponential average of the parameters over the steps, with this decay (0.99), and take that; 0: none",
    ),
  batchNorm: z
    .enum(["frozen", "trained"])
    .default("frozen")
    .describe(
      "whether scale and shift of unfrozen batch normalisation are trained; its statistics never are",
    ),
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
  fold: z
    .string()
    .regex(/^[1-9]\d*\/([2-9]|[1-9]\d+)$/, "expected i/N, such as 2/5")
    .refine((fold) => Number(fold.split("/")[0]) <= Number(fold.split("/")[1]), "expected an i up to N")
    .optional()
    .describe(
      "i/N: score on the i-th of N parts of the training photos, train on the others, keep no model; what --sweep does for every i",
    ),
  calibrationFolds: z
    .int()
    .min(0)
    .refine((folds) => folds !== 1, "expected 0, or a number from 2")
    .default(5)
    .describe(
      "parts of the training photos, each predicted by a training on the others, on which the probabilities' temperature is fitted; 0: leave them as they are",
    ),
  seed: z.int().min(0).max(0xffff_ffff).default(0).describe("the seed of the head and of the photos' order"),
});

export type TrainConfig = z.infer<typeof trainConfig>;
