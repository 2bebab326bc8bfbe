import { stringify } from "csv-stringify/sync";
import type { Json } from "../../shared/artifacts/types.ts";
import type { PipelineError } from "../../shared/errors.ts";
import type { LabelProbability, Prediction } from "../../shared/predictor/prediction.ts";

/** What became of one photo. */
export interface Answered {
  readonly id: string;
  /** null: it could not be read, and `error` says why */
  readonly prediction: Prediction | null;
  readonly error: PipelineError | null;
}

/** A table of answers. */
export interface AnswerTable {
  readonly head: readonly string[];
  /** @param number of the row, from 0 */
  readonly row: (answered: Answered, number: number) => readonly string[];
  readonly delimiter: string;
  /** what becomes of photos that could not be read: "they are …" */
  readonly unreadable: string;
}

/**
 * `id`, `label`, `probability`, then the next likeliest as `label_2`, `probability_2` and so on,
 * then `error`: empty, or why the photo could not be read; the others are empty then.
 *
 * @param top how many of the likeliest classes there are in it
 */
export function likeliestTable(top: number): AnswerTable {
  const ranks = Array.from({ length: top }, (_, i) => (i === 0 ? "" : `_${i + 1}`));
  return {
    head: ["id", ...ranks.flatMap((rank) => [`label${rank}`, `probability${rank}`]), "error"],
    row: ({ id, prediction, error }) => [
      id,
      ...ranks.flatMap((_, i) => cellsOf(prediction?.probabilities[i])),
      reasonOf(error),
    ],
    delimiter: ",",
    unreadable: "listed with an error and no label",
  };
}

function cellsOf(likely: LabelProbability | undefined): [string, string] {
  return likely === undefined ? ["", ""] : [likely.label, numberText(likely.probability)];
}

/** A probability in nine digits: those of a row add up to 1 within 1e-6 however many there are. */
export function numberText(probability: number): string {
  return String(Number(probability.toPrecision(9)));
}

/** A line of a CSV file. */
export function csvLine(cells: readonly string[], delimiter: string): string {
  return stringify([[...cells]], { delimiter });
}

/** Why a photo could not be read, in a few words. */
export function reasonOf(error: PipelineError | null): string {
  return error === null ? "" : (/ but got (.*)$/m.exec(error.message)?.[1] ?? error.message);
}

/** An answer as `--json` prints it. */
export function answerJson({ id, prediction, error }: Answered, top: number): Json {
  if (prediction === null) return { id, error: reasonOf(error) };
  const probabilities = prediction.probabilities.slice(0, top).map((each) => ({ ...each }));
  return { id, label: prediction.label, probability: prediction.probability, probabilities };
}
