import { numberFact } from "../../shared/artifacts/facts.ts";
import { chosenBackbone } from "../../shared/backbone/chosen.ts";
import { unexpected } from "../../shared/errors.ts";
import { engineNamed } from "../../shared/engine/engines.ts";
import { readIndexedPhotos } from "../../shared/photos.ts";
import type { StageContext, StageResult } from "../../shared/stage.ts";
import { newHead } from "../../shared/training/head.ts";
import { withParameters } from "../../shared/training/parameters.ts";
import type { TrainConfig } from "./config.ts";
import { classWeights } from "./class-weights.ts";
import { startEvaluator } from "./evaluate.ts";
import { classCounts, countOf, joinExamples } from "./examples.ts";
import { type Epoch, fit } from "./fit.ts";
import { resolveRecipe } from "./recipe.ts";
import { writeResults } from "./results.ts";
import { surveyFeatures } from "./survey.ts";
import { startTrainer } from "./trainer.ts";

/** Opset of the head: its operators mean the same in every later one. */
const opset = 17;

/** A new head, trained on the embedded views and put on the backbone. */
export async function run(context: StageContext<TrainConfig>): Promise<StageResult> {
  const { config, inputs, progress, signal, workspace } = context;
  const { index, embed } = inputs;
  if (index === undefined || embed === undefined) throw new Error("train reads index and embed");
  const started = performance.now();
  const recipe = resolveRecipe(config);
  const [features, views] = [numberFact(embed.manifest, "features"), numberFact(embed.manifest, "views")];

  const photos = await readIndexedPhotos(index);
  const examples = await joinExamples(photos, embed);
  const [trained, validated] = [countOf(examples.train), countOf(examples.validation)];
  if (trained === 0) throw nothingToTrainOn();
  progress.line(
    `${trained} photos to train on, ${validated} to validate on, ${photos.classes.length} classes, ${views} views`,
  );
  if (recipe.views === "random" && views - 1 < recipe.epochs)
    progress.line(
      `${recipe.epochs} epochs take ${views - 1} random views in turn; --views ${recipe.epochs} gives each a fresh one`,
    );
  if (validated === 0)
    progress.line("no validation photos: the last epoch is kept, and nothing says how good it is");

  const { standardisation, validation } = await surveyFeatures(context, examples, features);
  const head = newHead({
    kind: config.head,
    features,
    classes: photos.classes.length,
    seed: config.seed,
    standardisation: recipe.standardise ? standardisation : null,
    opset,
  });
  const engine = await engineNamed(config.engine);
  const trainer = await startTrainer(engine, head, {
    features,
    classes: photos.classes.length,
    batch: config.batch,
    weightDecay: recipe.weightDecay,
    beta2: recipe.beta2,
    labelSmoothing: config.labelSmoothing,
    classWeights: classWeights(classCounts(examples.train, photos.classes.length), config.classWeights),
  });
  const names = [...head.weights, ...head.biases];
  const evaluator = validated === 0 ? null : await startEvaluator(engine, head.graph, names, validation);

  const epochs: Epoch[] = [];
  let before = performance.now();
  const { epoch: best, parameters } = await fit(
    {
      ...{ recipe, embed, features, views, trainer, evaluator, signal },
      ...{ best: config.best, seed: config.seed, batch: config.batch, examples: examples.train },
    },
    (epoch) => {
      const now = performance.now();
      progress.line(inWords(epoch, recipe.epochs, (now - before) / 1000));
      before = now;
      epochs.push(epoch);
    },
  );
  await Promise.all([trainer.close(), evaluator?.close()]);
  progress.line(`epoch ${best.epoch} is kept`);

  const files = await writeResults(workspace, {
    head: withParameters(head.graph, parameters),
    backbone: await chosenBackbone(context, numberFact(embed.manifest, "side")),
    classes: photos.classes,
    epochs,
    best,
    validated,
  });
  return {
    files,
    facts: {
      accuracy: best.validation?.accuracy ?? null,
      loss: best.validation?.loss ?? null,
      bestEpoch: best.epoch,
      classes: photos.classes.length,
      features,
    },
    figures: {
      epochs: epochs.length,
      units: trained,
      unitsPerSecond: (trained * 1000) / (performance.now() - started),
    },
  };
}

function inWords({ epoch, trainLoss, validation }: Epoch, epochs: number, seconds: number): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const measured =
    validation === null
      ? ""
      : `, validation loss ${validation.loss.toFixed(4)}, accuracy ${percent(validation.accuracy)}, ` +
        `top-5 ${percent(validation.top5)}, macro-F1 ${validation.macroF1.toFixed(3)}`;
  return `epoch ${epoch}/${epochs}: loss ${trainLoss.toFixed(4)}${measured}, ${seconds.toFixed(2)} s`;
}

function nothingToTrainOn() {
  return unexpected("data", {
    where: "train",
    expected: "labelled photos to train on",
    subject: "the index",
    got: "none",
    mend: "give labels, or a smaller --val-fraction",
  });
}
