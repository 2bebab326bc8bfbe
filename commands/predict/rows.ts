import path from "node:path";
import { counted } from "../../shared/counted.ts";
import { unexpected } from "../../shared/errors.ts";
import { type AnswersAsked, askedAnswer, type SubmissionAnswer } from "./answer-columns.ts";
import { type AnswerTable, likeliestTable } from "./answers.ts";
import type { Format } from "./flags.ts";
import { someOf } from "./left-out.ts";
import { likelyPhotos } from "./likely-photos.ts";
import type { AskedPhoto } from "./photos.ts";
import { readSampleSubmission } from "./sample-submission.ts";
import { filledSample, plainSubmission } from "./submission-table.ts";

/** The rows of the answers, the form that they have, and what a person has to know about them. */
export interface Rows {
  readonly photos: readonly AskedPhoto[];
  readonly table: AnswerTable;
  readonly remarks: readonly string[];
}

export interface RowsAsked {
  readonly format: Format;
  readonly top: number;
  /** the file of a sample submission */
  readonly sample: string | undefined;
  readonly answers: AnswersAsked;
}

/**
 * The photos in the order that is wanted, under the ids that they have there, and the form of the
 * answers.
 *
 * @param labels the model's classes, in sorted order
 */
export async function rowsWanted(
  { format, top, sample, answers }: RowsAsked,
  photos: readonly AskedPhoto[],
  labels: readonly string[],
): Promise<Rows> {
  if (format === "csv") return { photos, table: likeliestTable(Math.min(top, labels.length)), remarks: [] };
  if (sample === undefined) {
    const answer = askedAnswer(answers, labels) ?? { kind: "probabilities", classes: labels };
    const likely = await likelyPhotos(photos);
    return {
      photos: byFileName(likely),
      table: plainSubmission(answer, labels),
      remarks: [...othersInWords(photos, likely), ...numbersInWords(answer, labels)],
    };
  }
  const filled = await readSampleSubmission(sample, { labels, photos, asked: answers });
  const remarks = [...filled.remarks, ...numbersInWords(filled.answer, labels)];
  return { photos: filled.photos, table: filledSample(filled, labels), remarks };
}

/**
 * Photos as most competitions know them: by their files' names without the ending.
 *
 * @throws PipelineError `data` where two have the same name
 */
export function byFileName(photos: readonly AskedPhoto[]): AskedPhoto[] {
  const named = new Map<string, AskedPhoto>();
  for (const photo of photos) {
    const id = path.parse(photo.file).name;
    const other = named.get(id);
    if (other !== undefined)
      throw unexpected("data", {
        where: "predict",
        expected: "one photo of each name, as --format kaggle knows photos by it,",
        subject: id,
        got: `${other.file} and ${photo.file}`,
        hint: "--sample-submission FILE: its ids may have folders and endings; --format csv has the paths",
      });
    named.set(id, { ...photo, id });
  }
  return [...named.values()];
}

/** A submission has no room for why a file has no answer. */
function othersInWords(all: readonly AskedPhoto[], photos: readonly AskedPhoto[]): string[] {
  const kept = new Set(photos);
  const others = all.filter((photo) => !kept.has(photo)).map(({ file }) => file);
  if (others.length === 0) return [];
  return [
    `predict: ${counted(others.length, "file")} without a row, as neither name nor content is a photo's: ${someOf(others)}`,
  ];
}

function numbersInWords({ kind }: SubmissionAnswer, labels: readonly string[]): string[] {
  if (kind !== "number") return [];
  return [`predict: the numbers are ${labels.map((label, place) => `${place} for ${label}`).join(", ")}`];
}
