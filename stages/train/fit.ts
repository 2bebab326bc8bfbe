import type { Artifact } from "../../shared/artifacts/types.ts";
import { PipelineError } from "../../shared/errors.ts";
import type { Tensor } from "../../shared/onnx/graph.ts";
import { batchesOf } from "./batches.ts";
import type { Evaluator } from "./evaluate.ts";
import type { ShardExamples } from "./examples.ts";
import type { Metrics } from "./metrics.ts";
import { epochOrder } from "./order.ts";
import { learningRateAt, type Recipe, viewOfEpoch } from "./recipe.ts";
import type { Trainer } from "./trainer.ts";

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
  readonly best: "loss" | "macro-f1";
  readonly seed: number;
  readonly embed: Artifact;
  readonly examples: readonly ShardExamples[];
  /** length of a feature vector */
  readonly features: number;
  /** how many views there are */
  readonly views: number;
  readonly batch: number;
  readonly trainer: Trainer;
  readonly evaluator: Evaluator | null;
  readonly signal: AbortSignal;
}

/** The parameters that are kept, and the epoch that they are of. */
export interface Fitted {
  readonly epoch: Epoch;
  readonly parameters: ReadonlyMap<string, Tensor>;
}

/** Bytes of features in a window of shards: enough to mix photos, little enough to forget. */
const windowBytes = 8 << 20;

/**
 * Trains epoch after epoch until the last, or until `patience` epochs in a row were no better than the best.
 *
 * @param told is called after each epoch
 * @returns the best epoch by validation loss or macro-F1; the last where there are no validation photos
 */
export async function fit(fit: Fit, told: (epoch: Epoch) => void): Promise<Fitted> {
  let kept: Fitted | null = null;
  for (let e = 0; e < fit.recipe.epochs; e++) {
    const epoch = await trainEpoch(fit, e);
    told(epoch);
    if (kept === null || isBetter(epoch, kept.epoch, fit.best))
      kept = { epoch, parameters: await fit.trainer.parameters() };
    else if (epoch.epoch - kept.epoch.epoch === fit.recipe.patience) break;
  }
  if (kept === null) throw new Error("train: no epoch was trained");
  return kept;
}

async function trainEpoch({ recipe, trainer, ...fit }: Fit, e: number): Promise<Epoch> {
  const counts = fit.examples.map(({ rows }) => rows.length);
  const stepsPerEpoch = Math.ceil(counts.reduce((sum, count) => sum + count, 0) / fit.batch);
  const windowSize = Math.floor(windowBytes / (4 * fit.features));
  const view = viewOfEpoch(recipe, e, fit.views);
  const source = { ...fit, view, size: fit.batch };
  let step = e * stepsPerEpoch;
  let learningRate = 0;
  let loss = 0;
  let weight = 0;
  for await (const batch of batchesOf(source, epochOrder(counts, windowSize, fit.seed, e))) {
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
