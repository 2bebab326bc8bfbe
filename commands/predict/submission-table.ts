import { type Answered, type AnswerTable, numberText } from "./answers.ts";
import type { SubmissionAnswer } from "./answer-columns.ts";
import type { SampleSubmission } from "./sample-submission.ts";

/**
 * What a competition takes where it gives no sample: `id` and the answer.
 *
 * @param labels the model's classes
 */
export function plainSubmission(answer: SubmissionAnswer, labels: readonly string[]): AnswerTable {
  return {
    head: ["id", ...plainColumns(answer)],
    row: (answered) => [answered.id, ...answerCells(answer, labels, answered, [""])],
    delimiter: ",",
    unreadable: insteadOf(answer, "given no class"),
  };
}

function plainColumns(answer: SubmissionAnswer): readonly string[] {
  if (answer.kind === "probabilities") return answer.classes;
  return [answer.kind === "probability" ? answer.positive : "label"];
}

/** A sample submission, filled in: everything else in it stays as it is. */
export function filledSample(
  { table, answer, columns }: SampleSubmission,
  labels: readonly string[],
): AnswerTable {
  const places = new Map(columns.map((column, i) => [column, i]));
  return {
    head: table.head,
    row(answered, number) {
      const sample = table.rows[number];
      if (sample === undefined) throw new Error(`an answer for row ${number} of ${table.rows.length}`);
      const own = columns.map((column) => sample[column] ?? "");
      const cells = answerCells(answer, labels, answered, own);
      return sample.map((cell, column) => cells[places.get(column) ?? -1] ?? cell);
    },
    delimiter: table.delimiter,
    unreadable: insteadOf(answer, "given what the sample has"),
  };
}

/** @param otherwise the class's cell where the photo could not be read */
function answerCells(
  answer: SubmissionAnswer,
  labels: readonly string[],
  { prediction }: Answered,
  otherwise: readonly string[],
): readonly string[] {
  const known = new Map(prediction?.probabilities.map((each) => [each.label, each.probability]));
  const probability = (label: string) => numberText(known.get(label) ?? 1 / labels.length);
  if (answer.kind === "probabilities") return answer.classes.map(probability);
  if (answer.kind === "probability") return [probability(answer.positive)];
  if (prediction === null) return otherwise;
  return [answer.kind === "label" ? prediction.label : String(labels.indexOf(prediction.label))];
}

function insteadOf({ kind }: SubmissionAnswer, classes: string): string {
  return kind === "label" || kind === "number" ? classes : "given the same probability for every class";
}
