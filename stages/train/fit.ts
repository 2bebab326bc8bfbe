import { sizeOf } from "../../shared/arrow/tensor.ts";
import { PipelineError } from "../../shared/errors.ts";
import type { Tensor } from "../../shared/onnx/graph.ts";
import { type Batch, batchesOf } from "./batches.ts";
import type { Evaluator } from "./evaluate.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { countOf, type ShardExamples } from "./examples.ts";
import { type Maps, rowTypeAt } from "./maps.ts";
import type { Metrics } from "./metrics.ts";
import { epochOrder } from "./order.ts";
import type { Phase } from "./phases.ts";
import { learningRateAt, type Recipe, viewOfEpoch } from "./recipe.ts";
import type { Trainer, TrainingState } from "./trainer.ts";

/** An epoch as it was: a line of metrics.jsonl. */
export interface Epoch {
  /** from 1 */
  readonly epoch: number;
  readonly view: number;
  /** of the last step */
  readonly learningRate: number;
  /** mean over the epoch's examples, each before its own step; with smoothing and class weights, as it is trained on */
  readonly trainLoss: number;
  /** null: there are no validation photos */
  readonly validation: Metrics | null;
}

export interface Fit {
  readonly recipe: Recipe;
  /** how many of the recipe's epochs are made, at the most; the rate's schedule is over all of them */
  readonly epochs: number;
  readonly best: "loss" | "macro-f1";
  readonly seed: number;
  readonly maps: Maps;
  readonly examples: readonly ShardExamples[];
  readonly phases: readonly Phase[];
  readonly trainer: Trainer;
  readonly evaluator: Evaluator | null;
  readonly signal: AbortSignal;
}

/** The parameters that are kept, and the epoch that they are of. */
export interface Fitted {
  readonly epoch: Epoch;
  readonly parameters: ReadonlyMap<string, Tensor>;
}

/** Bytes of rows in a window of shards: enough to mix photos, little enough to forget. */
const windowBytes = 8 << 20;

/**
 * Trains epoch after epoch until the last, or until `patience` epochs in a row were no better than the best.
 *
 * @param from where an earlier process got to; null: the beginning
 * @param told is called after each epoch, with all that is needed to go on from there
 * @returns the best epoch by validation loss or macro-F1; the last where there are no validation photos
 */
export async function fit(
  fit: Fit,
  from: Checkpoint | null,
  told: (checkpoint: Checkpoint) => Promise<void>,
): Promise<Fitted> {
  const epochs = [...(from?.epochs ?? [])];
  let kept = from?.kept ?? null;
  let resumed = from?.state ?? null;
  while (epochs.length < fit.epochs && !isOverdue(fit, epochs, kept)) {
    await enter(fit, epochs.length, resumed);
    resumed = null;
    const epoch = await trainEpoch(fit, epochs.length);
    epochs.push(epoch);
    if (kept === null || isBetter(epoch, kept.epoch, fit.best))
      kept = { epoch, parameters: await fit.trainer.parameters() };
    await told({ epochs, kept, state: await fit.trainer.state() });
  }
  if (kept === null) throw new Error("train: no epoch was trained");
  return kept;
}

function isOverdue({ recipe }: Fit, epochs: readonly Epoch[], kept: Fitted | null): boolean {
  return recipe.patience > 0 && kept !== null && epochs.length - kept.epoch.epoch >= recipe.patience;
}

/** The phase of an epoch, where it is its first, or where an earlier process was in the midst of it. */
async function enter({ phases, trainer }: Fit, epoch: number, resumed: TrainingState | null): Promise<void> {
  const phase = phases.findLast(({ firstEpoch }) => firstEpoch <= epoch);
  if (phase === undefined) throw new Error(`train: no phase for epoch ${epoch}`);
  if (resumed !== null) await trainer.resume(phase, resumed);
  if (phase.firstEpoch === epoch) await trainer.enter(phase);
}

/** How many steps an epoch has. */
export function stepsInEpoch({ recipe, examples }: Pick<Fit, "recipe" | "examples">): number {
  return Math.ceil(countOf(examples) / recipe.batch);
}

/** The batches of an epoch (from 0) on a view, in the order that is the epoch's own. */
export function batchesInEpoch(
  { recipe, maps, examples, seed }: Pick<Fit, "recipe" | "maps" | "examples" | "seed">,
  epoch: number,
  view: number,
): AsyncGenerator<Batch> {
  const [length, type] = [sizeOf(maps.at.dims), rowTypeAt(maps.at)];
  const counts = examples.map(({ rows }) => rows.length);
  const windowSize = Math.floor(windowBytes / ((type === "uint8" ? 1 : 4) * length));
  const source = { examples, result: maps.result, view, length, type, size: recipe.batch } as const;
  return batchesOf(source, epochOrder(counts, windowSize, seed, epoch));
}

async function trainEpoch(fit: Fit, e: number): Promise<Epoch> {
  const { recipe, trainer, maps } = fit;
  const stepsPerEpoch = stepsInEpoch(fit);
  const view = viewOfEpoch(recipe, e, maps.views);
  let step = e * stepsPerEpoch;
  let learningRate = 0;
  let loss = 0;
  let weight = 0;
  for await (const batch of batchesInEpoch(fit, e, view)) {
    if (fit.signal.aborted) throw new PipelineError("interrupted", "train: stopped");
    learningRate = learningRateAt(recipe, step++, stepsPerEpoch, view);
    const done = await trainer.step(batch, learningRate);
    loss += done.loss * done.weight;
    weight += done.weight;
  }
  const validation = (await fit.evaluator?.measure(await trainer.parameters())) ?? null;
  return { epoch: e + 1, view, learningRate, trainLoss: loss / weight, validation };
}

function isBetter({ validation: a }: Epoch, { validation: b }: Epoch, best: Fit["best"]): boolean {
  if (a === null || b === null) return true;
  return best === "loss" ? a.loss < b.loss : a.macroF1 > b.macroF1;
}
