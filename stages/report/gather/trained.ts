import type { Artifact } from "../../../shared/artifacts/types.ts";
import { unexpected } from "../../../shared/errors.ts";
import type { IndexedPhotos } from "../../../shared/photos.ts";
import { type AnsweredPhotos, answerOf, mostProbable } from "../figures/answered.ts";
import { confusionOf } from "../figures/confusion.ts";
import { labelErrors, mostDoubtful } from "../figures/label-errors.ts";
import { mostUnsure, mostWrong } from "../figures/worst.ts";
import type { DoubtfulLabels, Report } from "../report.ts";
import { readAnswers } from "./answers.ts";
import { calibrationFigures, readTemperature } from "./calibration.ts";
import { readComparison, type RunResults } from "./comparison.ts";
import { readEpochs } from "./epochs.ts";
import { readOutOfFold } from "./out-of-fold.ts";
import { measuredParts } from "./parts.ts";

/** What a report says of a trained classifier. */
type TrainedFigures = Pick<
  Report,
  | "epochs"
  | "parts"
  | "confusion"
  | "guesses"
  | "calibration"
  | "wrong"
  | "unsure"
  | "labelErrors"
  | "comparison"
>;

/** The export that a run is compared with; null: none. */
interface Compared {
  readonly compare: string | null;
  readonly finished: (stage: string, key: string) => Promise<Artifact>;
}

/** How many photos a section shows. */
const [photosShown, doubtfulShown] = [24, 48];
/**
 * Of the training photos, the share whose labels are looked at: bench/label-errors.ts finds nine of
 * ten wrong ones in it.
 */
const doubtfulShare = 0.05;

/** Works out how the classifier of a run does, and what it says of the labels. */
export async function readTrained(
  results: RunResults,
  photos: IndexedPhotos,
  { compare, finished }: Compared,
): Promise<TrainedFigures> {
  const { train, export: exported } = results;
  const validation = await readAnswers(exported, photos, "validation");
  const test = await readAnswers(exported, photos, "test");
  const epochs = await readEpochs(train);
  const temperature = await readTemperature(train);
  const measured = validation.rows.length > 0;
  return {
    epochs,
    parts: measuredParts(train, epochs, { validation, test }),
    confusion: measured ? confusionOf(validation) : null,
    guesses: new Map([...guessesOf(validation), ...guessesOf(test)]),
    calibration: measured && temperature !== null ? calibrationFigures(temperature, validation) : null,
    wrong: mostWrong(validation, photosShown),
    unsure: mostUnsure(validation, photosShown),
    labelErrors: doubtful(await readOutOfFold(train, photos.classes.length, temperature?.temperature ?? 1)),
    comparison:
      compare === null ? null : await readComparison(results, { photos, validation }, compare, finished),
  };
}

/** @throws PipelineError `usage` where a run is to be compared: it has nothing to be compared by */
export function nothingTrained({ compare }: Pick<Compared, "compare">): TrainedFigures {
  if (compare !== null)
    throw unexpected("usage", {
      where: "report",
      expected: "a trained classifier to compare",
      subject: "--compare",
      got: "a run whose photos have no labels",
      hint: "leave --compare out",
    });
  return {
    ...{ epochs: [], parts: null, confusion: null, guesses: new Map(), calibration: null },
    ...{ wrong: [], unsure: [], labelErrors: null, comparison: null },
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
