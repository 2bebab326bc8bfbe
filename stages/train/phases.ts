import type { ParameterGroup } from "../../shared/training/step.ts";
import type { Tail } from "../../shared/training/tail.ts";
import type { Recipe } from "./recipe.ts";

/** Epochs in which the same part of the network is trained. */
export interface Phase {
  /** from 0 */
  readonly firstEpoch: number;
  /** unfrozen blocks, counted from the features */
  readonly blocks: number;
}

/**
 * All unfrozen blocks from the first epoch on, or, gradually, one more with each epoch (Howard and Ruder, "Universal Language
 * Model Fine-tuning", 2018, section 3.3).
 *
 * @param blocks how many there are to train
 */
export function phasesOf({ epochs, gradual }: Pick<Recipe, "epochs" | "gradual">, blocks: number): Phase[] {
  if (blocks === 0 || !gradual) return [{ firstEpoch: 0, blocks }];
  return Array.from({ length: Math.min(blocks, epochs) }, (_, epoch) => ({
    firstEpoch: epoch,
    blocks: epoch + 1,
  }));
}

/**
 * What is trained in a phase, at which pace: the head at the full rate; the topmost block at a share of it, each block below
 * at a factor of the one above (Howard and Ruder, section 3.2). Biases and norms only shift and scale: they do not decay.
 */
export function groupsOf(
  tail: Pick<Tail, "blocks" | "head">,
  { blocks }: Phase,
  { weightDecay, blockDecay, backboneRate, layerDecay }: Recipe,
): ParameterGroup[] {
  const unfrozen = blocks === 0 ? [] : tail.blocks.slice(-blocks).reverse();
  const parts = [
    { ...tail.head, rate: 1, decay: weightDecay },
    ...unfrozen.map((block, below) => ({
      ...block,
      rate: backboneRate * layerDecay ** below,
      decay: blockDecay,
    })),
  ];
  return parts
    .flatMap(({ weights, biases, norms, rate, decay }) => [
      { parameters: weights, rate, decay },
      { parameters: [...biases, ...norms], rate, decay: 0 },
    ])
    .filter(({ parameters }) => parameters.length > 0);
}
