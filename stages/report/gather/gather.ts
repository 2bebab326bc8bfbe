import type { Artifact, Json } from "../../../shared/artifacts/types.ts";
import { readIndexedPhotos } from "../../../shared/photos.ts";
import { type AnsweredPhotos, answerOf, mostProbable } from "../figures/answered.ts";
import { confusionOf } from "../figures/confusion.ts";
import { labelErrors, mostDoubtful } from "../figures/label-errors.ts";
import { mostUnsure, mostWrong } from "../figures/worst.ts";
import type { FeatureMap } from "../figures/feature-map.ts";
import type { DoubtfulLabels, Report } from "../report.ts";
import { readAnswers } from "./answers.ts";
import { calibrationFigures, readTemperature } from "./calibration.ts";
import { readComparison, type RunResults } from "./comparison.ts";
import { readEpochs } from "./epochs.ts";
import { readFeatureMap } from "./feature-map.ts";
import { readLeftOut } from "./left-out.ts";
import { lookAlikePhotos } from "./look-alikes.ts";
import { readOutOfFold } from "./out-of-fold.ts";
import { measuredParts } from "./parts.ts";
import { readTimes } from "./times.ts";
import { whatWasRun } from "./what-was-run.ts";

/** The report but for the photos themselves. */
export type Figures = Omit<Report, "map" | "thumbnails"> & { readonly layout: FeatureMap | null };

export interface Gathering {
  readonly results: RunResults;
  /** what each field of a stage's config is where nobody gives it */
  readonly defaults: Readonly<Record<string, Json>>;
  /** the folder that the command was given in */
  readonly folder: string;
  /** key of the export to compare with; null: none */
  readonly compare: string | null;
  readonly finished: (stage: string, key: string) => Promise<Artifact>;
}

/** How many photos a section shows. */
const [photosShown, doubtfulShown] = [24, 48];
/** Of the training photos, the share whose labels are looked at: bench/label-errors.ts finds nine of ten wrong ones in it. */
const doubtfulShare = 0.05;

/** Reads a run's results and works out every figure of its report. */
export async function gather({ results, defaults, folder, compare, finished }: Gathering): Promise<Figures> {
  const { index, augment, embed, train, export: exported } = results;
  const stages = [index, augment, embed, train, exported];
  const photos = await readIndexedPhotos(index);
  const validation = await readAnswers(exported, photos, "validation");
  const test = await readAnswers(exported, photos, "test");
  const epochs = await readEpochs(train);
  const temperature = await readTemperature(train);
  const measured = validation.rows.length > 0;
  return {
    photos,
    run: whatWasRun(stages, defaults, folder),
    times: await readTimes(stages),
    epochs,
    parts: measuredParts(train, epochs, { validation, test }),
    confusion: measured ? confusionOf(validation) : null,
    guesses: new Map([...guessesOf(validation), ...guessesOf(test)]),
    calibration: measured && temperature !== null ? calibrationFigures(temperature, validation) : null,
    wrong: mostWrong(validation, photosShown),
    unsure: mostUnsure(validation, photosShown),
    layout: await readFeatureMap(exported, photos),
    labelErrors: doubtful(await readOutOfFold(train, photos.classes.length, temperature?.temperature ?? 1)),
    nearDuplicates: lookAlikePhotos(index, photos),
    leftOut: await readLeftOut(index),
    comparison:
      compare === null ? null : await readComparison(results, { photos, validation }, compare, finished),
  };
}

function guessesOf(answered: AnsweredPhotos): [number, number][] {
  return Array.from(answered.rows, (row, i) => [row, mostProbable(answerOf(answered, i))]);
}

function doubtful(outOfFold: AnsweredPhotos | null): DoubtfulLabels | null {
  if (outOfFold === null) return null;
  const errors = labelErrors(outOfFold);
  const { suspected, ranked } = errors;
  return { suspected, ranked, shown: mostDoubtful(errors, doubtfulShare).slice(0, doubtfulShown) };
}
