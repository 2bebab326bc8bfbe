import { type PipelineError, unexpected } from "../../shared/errors.ts";
import type { FeatureFile } from "./features.ts";
import type { Matrix } from "./matrix.ts";

/** Features of one or more files. */
export interface JoinedFeatures extends Omit<FeatureFile, "path"> {
  /** how many columns each file gave */
  readonly blocks: readonly number[];
}

/**
 * The features of several files beside each other, joined by id, in the first file's order;
 * predictions are the first file's.
 *
 * @throws PipelineError `data` where the files are not about the same photos with the same labels
 * and splits
 */
export function sideBySide(files: readonly [FeatureFile, ...FeatureFile[]]): JoinedFeatures {
  const [first] = files;
  const placed = files.map((file) => ({ features: file.features, rows: rowsLike(first, file) }));
  const columns = files.reduce((sum, { features }) => sum + features.columns, 0);
  const data = new Float32Array(first.ids.length * columns);
  let offset = 0;
  for (const { features, rows } of placed) {
    copyBlock(features, rows, data, columns, offset);
    offset += features.columns;
  }
  return {
    ids: first.ids,
    labels: first.labels,
    splits: first.splits,
    predictions: first.predictions,
    features: { rows: first.ids.length, columns, data },
    blocks: files.map(({ features }) => features.columns),
  };
}

/** The row of `file` for each row of `first`. */
function rowsLike(first: FeatureFile, file: FeatureFile): number[] {
  const rowOf = new Map(file.ids.map((id, row) => [id, row]));
  if (file.ids.length !== first.ids.length)
    throw differs(file, first, `${file.ids.length} photos against ${first.ids.length}`);
  return first.ids.map((id, at) => {
    const row = rowOf.get(id);
    if (row === undefined) throw differs(file, first, `no photo "${id}"`);
    if (file.labels[row] !== first.labels[at])
      throw differs(file, first, `"${id}" as ${inWords(file.labels[row])}, not ${inWords(first.labels[at])}`);
    if (file.splits[row] !== first.splits[at])
      throw differs(file, first, `"${id}" in ${inWords(file.splits[row])}, not ${inWords(first.splits[at])}`);
    return row;
  });
}

function inWords(word: string | null | undefined): string {
  return word ?? "none";
}

function differs({ path }: FeatureFile, first: FeatureFile, got: string): PipelineError {
  return unexpected("data", {
    where: "classify",
    expected: `the photos, labels and splits of ${first.path}`,
    subject: path,
    got,
    hint: "export both from runs of the same photos with the same --split-seed",
  });
}

function copyBlock(
  { columns, data }: Matrix,
  rows: readonly number[],
  to: Float32Array,
  width: number,
  offset: number,
): void {
  for (const [at, row] of rows.entries())
    to.set(data.subarray(row * columns, (row + 1) * columns), at * width + offset);
}
