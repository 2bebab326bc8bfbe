import {
  calibrationNoiseFloor,
  defaultBins,
  expectedCalibrationError,
} from "../../shared/calibration/calibration-error.ts";
import { logLossOfLogits } from "../../shared/calibration/log-loss.ts";
import { softmaxRows } from "../../shared/calibration/softmax.ts";
import { fitTemperature } from "../../shared/calibration/temperature.ts";
import type { IndexedPhotos } from "../../shared/photos.ts";
import { startEvaluator } from "./evaluate.ts";
import { countOf } from "./examples.ts";
import { fit } from "./fit.ts";
import { groupOf, withFoldHeldOut } from "./folds.ts";
import { outOfFold, type OutOfFold } from "./out-of-fold.ts";
import { phasesOf } from "./phases.ts";
import { headAloneRecipe } from "./recipe.ts";
import { begin, type Beginning, type Setting } from "./setting.ts";
import { startTrainer } from "./trainer.ts";

/** How a temperature was found, and what it does to the photos on which it was: calibration.json. */
export interface Calibration {
  readonly temperature: number;
  readonly folds: number;
  /** how many it was fitted on; none of them was trained on by what predicted them */
  readonly photos: number;
  /** out-of-fold: all training photos, by a cross-validated head; held-out-fold: one fold's, by one training on the others */
  readonly method: "out-of-fold" | "held-out-fold";
  readonly before: Measured;
  readonly after: Measured;
  /** of the expected calibration errors */
  readonly bins: number;
  /** the expected calibration error of one who states exact probabilities, on as many photos in as many bins */
  readonly noiseFloor: number;
}

interface Measured {
  readonly loss: number;
  readonly ece: number;
}

/** Logits of photos that were not trained on. */
interface Unseen {
  /** [photos, classes] */
  readonly logits: Float32Array;
  readonly labels: ArrayLike<number>;
}

/**
 * Finds the temperature of a trained network, and what a cross-validated head says of every training photo. Where all is frozen, the
 * first follows from the second. Unfrozen blocks cannot be cross-validated in seconds: a second training of the same recipe is made
 * without the first fold, with as many epochs as the kept epoch had, and the temperature is fitted on that fold, which
 * chose nothing. The heads are then on the pretrained features: good enough to doubt labels by.
 *
 * @param epochs how many the kept parameters were trained for
 * @returns null where calibration is not wanted, or there are fewer photos than folds
 */
export async function calibrate(
  setting: Setting,
  photos: IndexedPhotos,
  beginning: Beginning,
  epochs: number,
): Promise<{ calibration: Calibration; table: OutOfFold } | null> {
  const { context, maps, clean } = setting;
  const { calibrationFolds: folds } = context.config;
  if (folds === 0) return null;
  if (groupsToTrainOn(photos) < folds) {
    context.progress.line(`fewer photos to train on than ${folds} folds: the probabilities stay as they are`);
    return null;
  }
  const frozen = maps === clean;
  const started = performance.now();
  const table = await crossValidated(setting, photos, beginning, frozen ? epochs : null);
  const unseen = frozen ? table : await heldOut(setting, photos, epochs);
  const calibration = {
    ...calibrationOf(unseen, setting.classes),
    ...{ folds, method: frozen ? ("out-of-fold" as const) : ("held-out-fold" as const) },
  };
  context.progress.line(inWords(calibration, (performance.now() - started) / 1000));
  return { calibration, table };
}

function groupsToTrainOn(photos: IndexedPhotos): number {
  const rows = [...photos.splits.keys()].filter(
    (row) => photos.splits[row] === "train" && photos.labels[row] !== -1,
  );
  return new Set(rows.map((row) => groupOf(photos, row))).size;
}

/** @param epochs of the run's own recipe; null: the recipe of a head on a frozen network, in full */
function crossValidated(
  { context, recipe, engine, classes, clean }: Setting,
  photos: IndexedPhotos,
  { fresh, cleanTrain, classWeights }: Beginning,
  epochs: number | null,
): Promise<OutOfFold> {
  const { config, workers, signal } = context;
  const headAlone = epochs === null ? headAloneRecipe(config) : recipe;
  return outOfFold({
    ...{ engine, classes, classWeights, photos, signal, threads: workers },
    ...{ head: fresh, recipe: headAlone, epochs: epochs ?? headAlone.epochs },
    ...{ maps: clean, examples: cleanTrain, folds: config.calibrationFolds, seed: config.seed },
  });
}

/** What a training on the other folds says of the first. */
async function heldOut(setting: Setting, photos: IndexedPhotos, epochs: number): Promise<Unseen> {
  const { context, recipe, engine, classes, maps } = setting;
  const { config, signal, progress, workers: threads } = context;
  const split = withFoldHeldOut(photos, `1/${config.calibrationFolds}`, config.seed);
  const { tail, train, validation, classWeights } = await begin(setting, split, "unvalidated");
  progress.line(
    `for the temperature: the same training on ${countOf(train)} of the photos, asked about the ${validation.labels.length} others`,
  );
  const trainer = startTrainer(engine, tail, { classes, recipe, classWeights, threads, spinning: false });
  const { parameters } = await fit(
    {
      ...{ recipe, epochs, maps, trainer, signal, examples: train, evaluator: null },
      ...{ phases: phasesOf(recipe, tail.blocks.length), best: "loss", seed: config.seed },
    },
    null,
    () => Promise.resolve(),
  );
  await trainer.close();
  const evaluator = await startEvaluator(engine, tail, validation, { batch: recipe.batch, threads });
  const logits = (await evaluator?.logits(parameters)) ?? new Float32Array(0);
  await evaluator?.close();
  return { logits, labels: validation.labels };
}

function calibrationOf({ logits, labels }: Unseen, classes: number): Omit<Calibration, "folds" | "method"> {
  const temperature = fitTemperature(logits, labels, classes);
  const measured = (at: number): Measured => ({
    loss: logLossOfLogits(logits, labels, classes, at),
    ece: expectedCalibrationError(softmaxRows(logits, classes, at), labels, classes).ece,
  });
  return {
    temperature,
    photos: labels.length,
    before: measured(1),
    after: measured(temperature),
    bins: defaultBins,
    noiseFloor: calibrationNoiseFloor(softmaxRows(logits, classes, temperature), classes),
  };
}

function inWords(
  { temperature, photos, method, before, after, ...rest }: Calibration,
  seconds: number,
): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const whose =
    method === "out-of-fold"
      ? `${photos} training photos, each by a head that did not see it (${rest.folds} folds)`
      : `${photos} training photos that a second training held out`;
  return (
    `temperature ${temperature.toFixed(3)} from ${whose}: loss ${before.loss.toFixed(4)} → ${after.loss.toFixed(4)}, ` +
    `calibration error ${percent(before.ece)} → ${percent(after.ece)} (at best about ${percent(rest.noiseFloor)}), ` +
    `${seconds.toFixed(1)} s`
  );
}
