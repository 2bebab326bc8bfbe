import type { Backbone } from "../../shared/backbone/backbone.ts";
import type { Engine } from "../../shared/engine/engine.ts";
import type { StageContext } from "../../shared/stage.ts";
import type { Head } from "../../shared/training/head.ts";
import { withParameters } from "../../shared/training/parameters.ts";
import type { TrainConfig } from "./config.ts";
import { startEvaluator } from "./evaluate.ts";
import type { ShardExamples } from "./examples.ts";
import { fit } from "./fit.ts";
import type { Maps } from "./maps.ts";
import { headFirstRecipe } from "./recipe.ts";
import type { GatheredExamples } from "./survey.ts";
import { tailAt } from "../../shared/training/tail-at.ts";
import { startTrainer } from "./trainer.ts";

interface HeadFirst {
  readonly engine: Engine;
  readonly backbone: Backbone;
  readonly classes: number;
  /** [classes] */
  readonly classWeights: Float32Array;
  /** the clean views' pooled features */
  readonly maps: Maps;
  readonly examples: readonly ShardExamples[];
  /** null: no photos choose the epoch, the last is taken */
  readonly validation: GatheredExamples | null;
}

/**
 * The head trained alone, as if all were frozen, on the features of the clean views, which takes seconds: its first steps on
 * unfrozen blocks would else shake what was pretrained.
 */
export async function trainHeadFirst(
  { config, progress, signal, workers: threads }: StageContext<TrainConfig>,
  head: Head,
  { engine, backbone, classes, classWeights, maps, examples, validation }: HeadFirst,
): Promise<Head> {
  const recipe = headFirstRecipe(config);
  const tail = tailAt(backbone, maps.at, head, "frozen");
  const trainer = startTrainer(engine, tail, { classes, recipe, classWeights, threads, spinning: false });
  const evaluator =
    validation === null
      ? null
      : await startEvaluator(engine, tail, validation, { batch: recipe.batch, threads });
  const phases = [{ firstEpoch: 0, blocks: 0 }];
  const { epochs } = recipe;
  const { epoch, parameters } = await fit(
    {
      recipe,
      epochs,
      maps,
      phases,
      trainer,
      evaluator,
      signal,
      examples,
      best: config.best,
      seed: config.seed,
    },
    null,
    () => Promise.resolve(),
  );
  await Promise.all([trainer.close(), evaluator?.close()]);
  const accuracy =
    epoch.validation === null ? "" : `, accuracy ${(100 * epoch.validation.accuracy).toFixed(1)} %`;
  progress.line(`the head alone, on clean views: epoch ${epoch.epoch}/${recipe.epochs} is taken${accuracy}`);
  return { ...head, graph: withParameters(head.graph, parameters) };
}
