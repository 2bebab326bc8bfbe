import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { PipelineError, unexpected } from "../../shared/errors.ts";
import type { AskedPhoto } from "./photos.ts";

/** The order that a competition wants. */
export interface Submission {
  /** what it calls the column of ids */
  readonly idName: string;
  readonly classes: readonly string[];
  readonly photos: readonly AskedPhoto[];
}

/**
 * Photos as a competition knows them: by their files' names without the ending.
 *
 * @throws PipelineError `data` where two have the same name
 */
export function byFileName(photos: readonly AskedPhoto[]): Map<string, AskedPhoto> {
  const named = new Map<string, AskedPhoto>();
  for (const { file } of photos) {
    const id = path.parse(file).name;
    const other = named.get(id);
    if (other !== undefined)
      throw unexpected("data", {
        where: "predict",
        expected: "one photo of each name, as --format kaggle knows photos by it,",
        subject: id,
        got: `${other.file} and ${file}`,
      });
    named.set(id, { id, file });
  }
  return named;
}

/**
 * The order of a competition's `sample_submission.csv`: its columns, and the rows that it lists.
 *
 * @param labels the classes that the model knows
 * @param photos by the ids that the file would call them
 * @throws PipelineError `data` where its classes are not the model's, or it lists photos that are not there
 */
export async function readSampleSubmission(
  file: string,
  labels: readonly string[],
  photos: ReadonlyMap<string, AskedPhoto>,
): Promise<Submission> {
  const [head, ...rows] = await recordsOf(file);
  const [idName, ...classes] = head ?? [];
  if (idName === undefined || classes.length === 0)
    throw unexpected("data", {
      where: "predict",
      expected: "a column of ids and a column a class",
      subject: file,
      got: idName === undefined ? "an empty file" : `the column ${idName} alone`,
    });
  refuseOtherClasses(file, classes, labels);
  const missing: string[] = [];
  const listed: AskedPhoto[] = [];
  for (const [id = ""] of rows) {
    const photo = photos.get(id);
    if (photo === undefined) missing.push(id);
    else listed.push(photo);
  }
  if (missing.length > 0)
    throw new PipelineError(
      "data",
      [
        `predict: expected all ${rows.length} photos that "${file}" lists but ${missing.length} are not among those to predict`,
        ...missing.slice(0, 20).map((id) => `  ${id}`),
        ...(missing.length > 20 ? [`  and ${missing.length - 20} more`] : []),
      ].join("\n"),
    );
  return { idName, classes, photos: listed };
}

async function recordsOf(file: string): Promise<string[][]> {
  const text = await readFile(file, "utf8").catch(() => {
    throw unexpected("usage", {
      where: "predict",
      expected: "a CSV file",
      subject: `--sample-submission ${file}`,
      got: "none there",
    });
  });
  try {
    return parse(text, { bom: true, skip_empty_lines: true, trim: true });
  } catch (cause) {
    throw unexpected("data", {
      where: "predict",
      expected: "a CSV file",
      subject: file,
      got: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
}

function refuseOtherClasses(file: string, columns: readonly string[], labels: readonly string[]): void {
  const missing = labels.filter((label) => !columns.includes(label));
  const unknown = columns.filter((column) => !labels.includes(column));
  if (missing.length + unknown.length === 0) return;
  const differences = [
    ...(missing.length > 0 ? [`without a column for ${someOf(missing)}`] : []),
    ...(unknown.length > 0 ? [`with columns the model has no class for: ${someOf(unknown)}`] : []),
  ];
  throw unexpected("data", {
    where: "predict",
    expected: `the model's ${labels.length} classes as columns`,
    subject: file,
    got: `one ${differences.join(" and ")}`,
    hint: "train on the labels of that competition, or leave --sample-submission out",
  });
}

/** The first few of some names. */
function someOf(names: readonly string[]): string {
  const more = names.length > 5 ? ` and ${names.length - 5} more` : "";
  return names.slice(0, 5).join(", ") + more;
}
