import { preprocessingOfRun } from "../../shared/backbone/preprocessing.ts";
import { logLossOfLogits } from "../../shared/calibration/log-loss.ts";
import { coresAreIdle } from "../../shared/idle.ts";
import { unexpected } from "../../shared/errors.ts";
import { peakMemory } from "../../shared/memory.ts";
import { type IndexedPhotos, readIndexedPhotos } from "../../shared/photos.ts";
import type { StageContext, StageResult } from "../../shared/stage.ts";
import { tuned } from "../../shared/training/tail.ts";
import { calibrate } from "./calibrate.ts";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import type { TrainConfig } from "./config.ts";
import { startEvaluator } from "./evaluate.ts";
import { countOf, joinExamples } from "./examples.ts";
import { type Epoch, fit } from "./fit.ts";
import { withFoldHeldOut } from "./folds.ts";
import { findLearningRate } from "./learning-rate-find.ts";
import { keptMaps } from "./maps.ts";
import { phasesOf } from "./phases.ts";
import { writeCalibration, writeFigures, writeModel } from "./results.ts";
import { begin, type Setting, settingOf } from "./setting.ts";
import { startTrainer } from "./trainer.ts";

/** A new head, and what is unfrozen below it, trained on the embedded views. */
export async function run(context: StageContext<TrainConfig>): Promise<StageResult> {
  const { config, inputs, progress, signal, workspace, workers: threads } = context;
  const { index, augment } = inputs;
  if (index === undefined || augment === undefined) throw new Error("train reads index and augment");
  const started = performance.now();
  const indexed = await readIndexedPhotos(index);
  const photos = config.fold === undefined ? indexed : withFoldHeldOut(indexed, config.fold, config.seed);
  const setting = await settingOf(context, photos);
  const { recipe, maps, engine, backbone, classes } = setting;
  await sayWhatThereIs(setting, photos);

  const checkpoint = await loadCheckpoint(context.checkpoints);
  const beginning = await begin(setting, photos, checkpoint === null ? "validated" : "no");
  const { tail, head, train, validation, classWeights } = beginning;
  const phases = phasesOf(recipe, tail.blocks.length);
  const trainer = startTrainer(engine, tail, {
    ...{ classes, recipe, classWeights, threads, spinning: await coresAreIdle() },
  });
  if (config.lr === "find") {
    const test = { recipe, maps, trainer, signal, seed: config.seed, examples: train };
    return findLearningRate({ ...test, phase: phases.at(-1) ?? { firstEpoch: 0, blocks: 0 } }, workspace);
  }
  const evaluator = await startEvaluator(engine, tail, validation, { batch: recipe.batch, threads });

  if (checkpoint !== null) progress.line(`goes on after epoch ${checkpoint.epochs.length}, which was kept`);
  let epochs: readonly Epoch[] = checkpoint?.epochs ?? [];
  let before = performance.now();
  const { epoch: best, parameters } = await fit(
    {
      ...{ recipe, epochs: recipe.epochs, maps, phases, trainer, evaluator, signal },
      ...{ best: config.best, seed: config.seed, examples: train },
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
  const logits = (await evaluator?.logits(parameters)) ?? null;
  await Promise.all([trainer.close(), evaluator?.close()]);
  progress.line(`epoch ${best.epoch} is kept`);

  const calibrated =
    config.fold === undefined ? await calibrate(setting, photos, beginning, best.epoch) : null;
  const temperature = calibrated?.calibration.temperature ?? 1;
  const loss = logits === null ? null : logLossOfLogits(logits, validation.labels, classes, temperature);
  const files = await writeFigures(workspace, { epochs, best, loss, validated: validation.labels.length });
  if (config.fold === undefined) {
    const model = { ...tuned(backbone, tail, head, parameters), temperature, kept: keptMaps(context).at };
    const preprocessing = preprocessingOfRun(backbone.preprocessing, augment.manifest);
    files.unshift(...(await writeModel(workspace, { ...model, preprocessing, classes: photos.classes })));
  }
  if (calibrated !== null) files.push(...(await writeCalibration(workspace, photos, calibrated)));
  const trained = countOf(train);
  return {
    files,
    facts: {
      accuracy: best.validation?.accuracy ?? null,
      loss,
      lossBefore: best.validation?.loss ?? null,
      temperature,
      bestEpoch: best.epoch,
      classes,
      features: setting.features,
      blocks: tail.blocks.map(({ name }) => name),
    },
    figures: {
      epochs: epochs.length,
      units: trained,
      unitsPerSecond: (trained * 1000) / (performance.now() - started),
    },
  };
}

/** @throws PipelineError `data` where there is nothing to train on */
async function sayWhatThereIs({ context, recipe, maps, classes }: Setting, photos: IndexedPhotos) {
  const { progress } = context;
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
    hint: "give labels, or a smaller --val-fraction",
  });
}
