import { type PipelineError, unexpected } from "../../shared/errors.ts";
import { quoted } from "../completion/tree.ts";
import { someOf } from "./left-out.ts";

/** What a submission says of each photo. */
export type SubmissionAnswer =
  /** a column a class, in this order */
  | { readonly kind: "probabilities"; readonly classes: readonly string[] }
  /** one column: how likely this class is */
  | { readonly kind: "probability"; readonly positive: string }
  /** one column: the likeliest class, by its name or by its place among the classes */
  | { readonly kind: "label" | "number" };

export const answerKinds = ["label", "number", "probability"] as const;

/** What the command line says of it. */
export interface AnswersAsked {
  readonly answers: (typeof answerKinds)[number] | undefined;
  readonly positive: string | undefined;
}

/** The columns of a sample submission beside its ids. */
export interface AnswerColumns {
  readonly file: string;
  readonly columns: readonly string[];
  /** the cells of the first of them */
  readonly values: readonly string[];
  /** the model's classes, in sorted order */
  readonly labels: readonly string[];
}

/**
 * What a sample submission wants to be told, as far as it shows that.
 *
 * @throws PipelineError `data` where it can be read in two ways or wants other classes than the model's, `usage`
 *   where the flags contradict it
 */
export function submissionAnswer(sample: AnswerColumns, asked: AnswersAsked): SubmissionAnswer {
  const { columns, labels } = sample;
  if (sameNames(columns, labels)) {
    if (asked.answers !== undefined || asked.positive !== undefined) throw notOneColumn(sample, asked);
    return { kind: "probabilities", classes: columns };
  }
  if (columns.length !== 1) throw otherClasses(sample);
  return askedAnswer(asked, labels) ?? shownAnswer(sample);
}

/**
 * What the flags alone ask for; null where there are none.
 *
 * @throws PipelineError `usage` where they name no class of the model's, or which class is missing
 */
export function askedAnswer(
  { answers, positive }: AnswersAsked,
  labels: readonly string[],
): SubmissionAnswer | null {
  if (positive !== undefined && !labels.includes(positive))
    throw refused("usage", "--positive", `one of the model's classes, ${someOf(labels)},`, positive);
  if (answers === undefined && positive === undefined) return null;
  if (positive === undefined) {
    if (answers === "probability")
      throw refused(
        "usage",
        "--answers probability",
        "--positive CLASS with it",
        "no class",
        `the model's classes: ${someOf(labels)}`,
      );
    if (answers === "number" && labels.every(isNumber))
      throw refused("usage", "--answers", "label", "number, of classes that are numbers");
    return { kind: answers === "number" ? "number" : "label" };
  }
  if (answers === undefined || answers === "probability") return { kind: "probability", positive };
  throw refused("usage", "--positive", "--answers probability", `--answers ${answers}`);
}

/** What the one column's own name and cells show. */
function shownAnswer(sample: AnswerColumns): SubmissionAnswer {
  const { file, columns, labels } = sample;
  const [column = ""] = columns;
  const values = [...new Set(sample.values)].filter((value) => value !== "");
  const numbers = new Set(labels.filter(isNumber).map(Number));
  const areNames = values.length > 0 && values.every((value) => labels.includes(value) && !isNumber(value));
  if (areNames) return { kind: "label" };
  const other = values.find((value) => !isNumber(value) && !labels.includes(value));
  if (other !== undefined)
    throw refused(
      "data",
      file,
      `classes of the model's, ${someOf(labels)}, in the column "${column}"`,
      other,
      `${nameIt(labels)}, whatever the sample has; or train on the labels of that competition`,
    );
  if (labels.length === 2 || labels.includes(column))
    throw refused(
      "data",
      file,
      "a column a class, or the classes' names in one column",
      `the one column "${column}"${values.length === 0 ? ", empty" : ` with ${someOf(values)}`}, for the classes ${someOf(labels)}`,
      [probabilityOf(labels.includes(column) ? [column] : [...labels].reverse()), nameIt(labels)].join(
        "\n  ",
      ),
    );
  if (values.every((value) => numbers.has(Number(value)))) return { kind: "label" };
  throw refused(
    "data",
    file,
    `classes of the model's, ${someOf(labels)}, in the column "${column}"`,
    `numbers: ${someOf(values)}`,
    [nameIt(labels), probabilityOf(labels)].join("\n  "),
  );
}

function probabilityOf(labels: readonly string[]): string {
  const [first = "", ...others] = labels;
  const more = others.map((label) => `--positive ${quoted(label)}`);
  return `--positive ${quoted(first)}: how likely ${first} is${more.length === 0 ? "" : ` (or ${someOf(more)})`}`;
}

function nameIt(labels: readonly string[]): string {
  if (labels.every(isNumber)) return "--answers label: the likeliest class";
  const places = labels.map((label, place) => `${place} for ${label}`);
  return `--answers label: the likeliest class's name; --answers number: its place, ${someOf(places)}`;
}

function notOneColumn(
  { file, columns }: AnswerColumns,
  { answers, positive = "" }: AnswersAsked,
): PipelineError {
  const flag = answers === undefined ? `--positive ${positive}` : `--answers ${answers}`;
  return refused(
    "usage",
    flag,
    "one column beside the ids",
    `${columns.length}, a column a class, in ${file}`,
  );
}

function otherClasses({ file, columns, labels }: AnswerColumns): PipelineError {
  const missing = labels.filter((label) => !columns.includes(label));
  const unknown = columns.filter((column) => !labels.includes(column));
  const differences = [
    ...(missing.length > 0 ? [`without a column for ${someOf(missing)}`] : []),
    ...(unknown.length > 0 ? [`with columns the model has no class for: ${someOf(unknown)}`] : []),
  ];
  return refused(
    "data",
    file,
    `the model's ${labels.length} classes as columns, or one column for the likeliest`,
    columns.length === 0 ? "ids alone" : `one ${differences.join(" and ")}`,
    "train on the labels of that competition, or leave --sample-submission out",
  );
}

function refused(
  code: "usage" | "data",
  subject: string,
  expected: string,
  got: string,
  hint?: string,
): PipelineError {
  const what = { where: "predict", expected, subject, got };
  return unexpected(code, hint === undefined ? what : { ...what, hint });
}

function sameNames(columns: readonly string[], labels: readonly string[]): boolean {
  return columns.length === labels.length && labels.every((label) => columns.includes(label));
}

function isNumber(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}
