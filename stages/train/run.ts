import { numberFact } from "../../shared/artifacts/facts.ts";
import { boundaryOf } from "../../shared/backbone/boundary.ts";
import { chosenBackbone } from "../../shared/backbone/chosen.ts";
import { unexpected } from "../../shared/errors.ts";
import { engineNamed } from "../../shared/engine/engines.ts";
import { coresAreIdle } from "../../shared/idle.ts";
import { peakMemory } from "../../shared/memory.ts";
import { readIndexedPhotos, type Split } from "../../shared/photos.ts";
import type { StageContext, StageResult } from "../../shared/stage.ts";
import { newHead } from "../../shared/training/head.ts";
import { tuned } from "../../shared/training/tail.ts";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import type { TrainConfig } from "./config.ts";
import { classWeights } from "./class-weights.ts";
import { startEvaluator } from "./evaluate.ts";
import { classCounts, countOf, joinExamples } from "./examples.ts";
import { type Epoch, fit } from "./fit.ts";
import { withFoldHeldOut } from "./folds.ts";
import { trainHeadFirst } from "./head-first.ts";
import { findLearningRate } from "./learning-rate-find.ts";
import { keptMaps, mapsAt } from "./maps.ts";
import { phasesOf } from "./phases.ts";
import { resolveRecipe } from "./recipe.ts";
import { writeFigures, writeModel } from "./results.ts";
import { surveyMaps } from "./survey.ts";
import { tailAt } from "../../shared/training/tail-at.ts";
import { startTrainer } from "./trainer.ts";

/** A new head, and what is unfrozen below it, trained on the embedded views. */
export async function run(context: StageContext<TrainConfig>): Promise<StageResult> {
  const { config, inputs, progress, signal, workspace, workers: threads } = context;
  const { index, embed } = inputs;
  if (index === undefined || embed === undefined) throw new Error("train reads index and embed");
  const started = performance.now();
  const recipe = resolveRecipe(config);
  const features = numberFact(embed.manifest, "features");
  const backbone = await chosenBackbone(context, numberFact(embed.manifest, "side"));
  const engine = await engineNamed(config.engine, config.device);

  const indexed = await readIndexedPhotos(index);
  const photos = config.fold === undefined ? indexed : withFoldHeldOut(indexed, config.fold, config.seed);
  const classes = photos.classes.length;
  const boundary = boundaryOf(backbone, config.unfreeze);
  const wanted = new Set(photos.sha256s.filter((_, row) => isOfUse(photos.splits[row] ?? null)));
  const maps = await mapsAt(context, backbone, engine, boundary, { views: "all", photos: wanted });
  const examples = await joinExamples(photos, maps.result);
  const [trained, validated] = [countOf(examples.train), countOf(examples.validation)];
  if (trained === 0) throw nothingToTrainOn();
  progress.line(
    `${trained} photos to train on, ${validated} to validate on, ${classes} classes, ${maps.views} views`,
  );
  if (recipe.views === "random" && maps.views - 1 < recipe.epochs)
    progress.line(
      `${recipe.epochs} epochs take ${maps.views - 1} random views in turn; --views ${recipe.epochs} gives each a fresh one`,
    );
  if (validated === 0)
    progress.line("no validation photos: the last epoch is kept, and nothing says how good it is");

  const checkpoint = await loadCheckpoint(context.checkpoints);
  const clean =
    boundary === "pooled"
      ? maps
      : await mapsAt(context, backbone, engine, "pooled", { views: "clean", photos: wanted });
  const cleanExamples = await joinExamples(photos, clean.result);
  const { standardisation, validation: cleanValidation } = await surveyMaps(context, clean, cleanExamples);
  const fresh = newHead({
    ...{ kind: config.head, features, classes, seed: config.seed },
    // The head's operators mean the same in every operator set since 7; of the step's own, some came with 13.
    opset: Math.max(17, backbone.graph.opset),
    standardisation: recipe.standardise ? standardisation : null,
  });
  const weights = classWeights(classCounts(examples.train, classes), config.classWeights);
  const head =
    boundary === "pooled" || config.headEpochs === 0 || checkpoint !== null
      ? fresh
      : await trainHeadFirst(context, fresh, {
          ...{ engine, backbone, classes, classWeights: weights },
          ...{ maps: clean, examples: cleanExamples.train, validation: cleanValidation },
        });
  const validation =
    boundary === "pooled" ? cleanValidation : (await surveyMaps(context, maps, examples)).validation;
  const tail = tailAt(backbone, maps.at, head, config.batchNorm);
  const phases = phasesOf(recipe, tail.blocks.length);
  const trainer = startTrainer(engine, tail, {
    ...{ classes, recipe, threads, spinning: await coresAreIdle() },
    classWeights: weights,
  });
  if (config.lr === "find") {
    const test = { recipe, maps, trainer, signal, seed: config.seed, examples: examples.train };
    return findLearningRate({ ...test, phase: phases.at(-1) ?? { firstEpoch: 0, blocks: 0 } }, workspace);
  }
  const evaluator = await startEvaluator(engine, tail, validation, { batch: recipe.batch, threads });

  if (checkpoint !== null) progress.line(`goes on after epoch ${checkpoint.epochs.length}, which was kept`);
  let epochs: readonly Epoch[] = checkpoint?.epochs ?? [];
  let before = performance.now();
  const { epoch: best, parameters } = await fit(
    {
      ...{ recipe, maps, phases, trainer, evaluator, signal },
      ...{ best: config.best, seed: config.seed, examples: examples.train },
    },
    checkpoint,
    async (done) => {
      const now = performance.now();
      epochs = done.epochs;
      progress.line(inWords(done.epochs.at(-1), recipe.epochs, (now - before) / 1000, await peakMemory()));
      before = now;
      await saveCheckpoint(context.checkpoints, workspace, done);
    },
  );
  await Promise.all([trainer.close(), evaluator?.close()]);
  progress.line(`epoch ${best.epoch} is kept`);

  const files = await writeFigures(workspace, { epochs, best, validated });
  if (config.fold === undefined) {
    const model = { ...tuned(backbone, tail, head, parameters), kept: keptMaps(context).at };
    files.unshift(...(await writeModel(workspace, { ...model, classes: photos.classes })));
  }
  return {
    files,
    facts: {
      accuracy: best.validation?.accuracy ?? null,
      loss: best.validation?.loss ?? null,
      bestEpoch: best.epoch,
      classes,
      features,
      blocks: tail.blocks.map(({ name }) => name),
    },
    figures: {
      epochs: epochs.length,
      units: trained,
      unitsPerSecond: (trained * 1000) / (performance.now() - started),
    },
  };
}

function isOfUse(split: Split | null): boolean {
  return split === "train" || split === "validation";
}

function inWords(epoch: Epoch | undefined, epochs: number, seconds: number, mebibytes: number): string {
  if (epoch === undefined) return "";
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const { validation } = epoch;
  const measured =
    validation === null
      ? ""
      : `, validation loss ${validation.loss.toFixed(4)}, accuracy ${percent(validation.accuracy)}, ` +
        `top-5 ${percent(validation.top5)}, macro-F1 ${validation.macroF1.toFixed(3)}`;
  return `epoch ${epoch.epoch}/${epochs}: loss ${epoch.trainLoss.toFixed(4)}${measured}, ${seconds.toFixed(2)} s, at most ${mebibytes} MiB`;
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
