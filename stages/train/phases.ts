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
 * First the head alone, so that its first steps do not shake what was pretrained; then all unfrozen blocks, or, gradually, one
 * more with each epoch (Howard and Ruder, "Universal Language Model Fine-tuning", 2018, section 3.3).
 *
 * @param blocks how many there are to train
 */
export function phasesOf(
  { epochs, headEpochs, gradual }: Pick<Recipe, "epochs" | "headEpochs" | "gradual">,
  blocks: number,
): Phase[] {
  if (blocks === 0) return [{ firstEpoch: 0, blocks: 0 }];
  const phases: Phase[] = headEpochs > 0 ? [{ firstEpoch: 0, blocks: 0 }] : [];
  const from = (step: number) => Math.min(blocks, gradual ? step + 1 : blocks);
  for (let step = 0; step === 0 || from(step) > from(step - 1); step++)
    phases.push({ firstEpoch: headEpochs + step, blocks: from(step) });
  return phases.filter(({ firstEpoch }) => firstEpoch < epochs);
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
