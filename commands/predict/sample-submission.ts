import { PipelineError, unexpected } from "../../shared/errors.ts";
import { counted } from "../../shared/counted.ts";
import { type AnswersAsked, type SubmissionAnswer, submissionAnswer } from "./answer-columns.ts";
import { someOf } from "./left-out.ts";
import type { AskedPhoto } from "./photos.ts";
import { likelyPhotos } from "./likely-photos.ts";
import { photosById } from "./sample-ids.ts";
import { readSampleTable, type SampleTable } from "./sample-table.ts";

/** A sample submission whose rows are known, and what is to be said in them. */
export interface SampleSubmission {
  readonly table: SampleTable;
  readonly answer: SubmissionAnswer;
  /** the columns that the answers go into, in the answer's order */
  readonly columns: readonly number[];
  /** a photo a row, under the row's id */
  readonly photos: readonly AskedPhoto[];
  /** what a person has to know about it */
  readonly remarks: readonly string[];
}

/**
 * A competition's `sample_submission.csv`: its columns and rows, in its own order.
 *
 * @param labels the classes that the model knows
 * @throws PipelineError `data` where it wants other classes than the model's, can be read in two ways, or lists
 *   photos that are not there; `usage` where the flags contradict it
 */
export async function readSampleSubmission(
  file: string,
  {
    labels,
    photos,
    asked,
  }: { labels: readonly string[]; photos: readonly AskedPhoto[]; asked: AnswersAsked },
): Promise<SampleSubmission> {
  const table = await readSampleTable(file);
  const ids = photosById(photos);
  const idColumn = idColumnOf(table, (id) => ids.find(id).length > 0);
  refuseHalf(table, idColumn, (id) => ids.find(id).length > 0);
  const columns = table.head.flatMap((name, i) => (i === idColumn || isRowNumber(name) ? [] : [i]));
  const names = columns.map((column) => cell(table.head, column));
  const values = table.rows.map((row) => cell(row, columns[0] ?? idColumn));
  const answer = submissionAnswer({ file, columns: names, values, labels }, asked);
  const rows = table.rows.map((row) => cell(row, idColumn));
  const found = await Promise.all(rows.map((id) => theOne(id, ids.find(id), file)));
  const missing = new Set(rows.filter((_, i) => found[i] === null));
  if (missing.size > 0) throw notThere(file, rows, [...missing], (id) => ids.nearest(id));
  const listed = found.flatMap((photo, i) => (photo === null ? [] : [{ ...photo, id: rows[i] ?? "" }]));
  return { table, answer, columns, photos: listed, remarks: remarksOn(file, listed, photos) };
}

function cell(row: readonly string[], column: number): string {
  const text = row[column];
  if (text === undefined) throw new Error(`a row without column ${column}`);
  return text;
}

/** A column that pandas writes where nobody told it not to. */
function isRowNumber(name: string): boolean {
  return name === "" || /^unnamed: \d+$/i.test(name);
}

/** The column whose cells name the most photos; of equal ones the first that has a name. */
function idColumnOf({ head, rows }: SampleTable, isPhoto: (id: string) => boolean): number {
  const some = rows.slice(0, 1000);
  const hits = head.map((_, column) => some.filter((row) => isPhoto(cell(row, column))).length);
  const most = Math.max(...hits);
  const named = head.findIndex((name, column) => hits[column] === most && !isRowNumber(name));
  return named < 0 ? 0 : named;
}

/** @throws PipelineError `data` where several photos may be meant */
async function theOne(id: string, found: readonly AskedPhoto[], file: string): Promise<AskedPhoto | null> {
  const photos = found.length > 1 ? await likelyPhotos(found) : found;
  const [first, second] = photos.length > 0 ? photos : found;
  if (first === undefined || second === undefined) return first ?? null;
  throw unexpected("data", {
    where: "predict",
    expected: `one photo for the id ${id}`,
    subject: file,
    got: `${first.file} and ${second.file}`,
    hint: "--photos FOLDER: the one folder that it means",
  });
}

/** @throws PipelineError `data` where it is a header without rows, or rows without a header */
function refuseHalf(
  { file, head, rows }: SampleTable,
  idColumn: number,
  isPhoto: (id: string) => boolean,
): void {
  const first = cell(head, idColumn);
  if (!isPhoto(first) && rows.length > 0) return;
  throw unexpected("data", {
    where: "predict",
    expected: isPhoto(first) ? "names of columns in the first line" : "the photos' ids, a row each,",
    subject: file,
    got: isPhoto(first) ? `the photo ${first}` : "a header alone",
    hint: isPhoto(first)
      ? "write the competition's header above it"
      : "--format kaggle without --sample-submission has a row for every photo, its id without the ending",
  });
}

function notThere(
  file: string,
  rows: readonly string[],
  missing: readonly string[],
  nearest: (id: string) => AskedPhoto | undefined,
): PipelineError {
  const shown = missing.slice(0, 20).map((id) => {
    const near = nearest(id);
    return near === undefined ? `  ${id}` : `  ${id} (the nearest is ${near.file})`;
  });
  const zeros = missing.some((id) => /^[1-9]\d*$/.test(id) && nearestHasZeros(nearest(id)));
  const message = `predict: expected all ${rows.length} photos that "${file}" lists but ${missing.length} are not among those to predict`;
  return new PipelineError(
    "data",
    [
      message,
      ...shown,
      ...(missing.length > shown.length ? [`  and ${missing.length - shown.length} more`] : []),
      ...(zeros ? ["  its ids have lost the zeros in front: take the file as it was downloaded"] : []),
      "  --photos FOLDER…: where they are",
    ].join("\n"),
  );
}

function nearestHasZeros(photo: AskedPhoto | undefined): boolean {
  return photo !== undefined && /(?:^|[\\/])0\d*\.\w+$/.test(photo.file);
}

function remarksOn(file: string, listed: readonly AskedPhoto[], photos: readonly AskedPhoto[]): string[] {
  const times = new Map<string, number>();
  for (const { id } of listed) times.set(id, (times.get(id) ?? 0) + 1);
  const repeated = [...times].filter(([, count]) => count > 1).map(([id]) => id);
  const asked = new Set(listed.map((photo) => photo.file));
  const others = photos.filter((photo) => !asked.has(photo.file)).map((photo) => photo.file);
  return [
    ...(repeated.length > 0
      ? [
          `predict: ${counted(repeated.length, "id")} twice or more in ${file}, and in the answers: ${someOf(repeated)}`,
        ]
      : []),
    ...(others.length > 0
      ? [`predict: ${counted(others.length, "file")} not in ${file}, without a row: ${someOf(others)}`]
      : []),
  ];
}
