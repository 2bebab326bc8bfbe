import type { RecordBatch } from "apache-arrow";
import { stat } from "node:fs/promises";
import { type ArrowReader, openArrowFile } from "../../shared/arrow/file.ts";
import { tensorRows } from "../../shared/arrow/tensor.ts";
import { unexpected } from "../../shared/errors.ts";
import { type Split, splits } from "../../shared/photos.ts";
import type { Matrix } from "./matrix.ts";

/** A `features.arrow`, read. */
export interface FeatureFile {
  readonly path: string;
  readonly ids: readonly string[];
  /** null: unlabelled */
  readonly labels: readonly (string | null)[];
  readonly splits: readonly (Split | null)[];
  /** what the run's trained head says; null where it says nothing, or where none was trained */
  readonly predictions: readonly (string | null)[];
  readonly features: Matrix;
}

const columns = ["id", "label", "split", "features"];

/**
 * Reads a `features.arrow` into memory. A feature that is a map is taken as the row of its numbers.
 *
 * @throws PipelineError `usage` where there is no such file, `artifact` where it lacks a column, repeats an id or holds a number that
 *   is not finite
 */
export async function readFeatureFile(path: string): Promise<FeatureFile> {
  await expectFile(path);
  const file = await openArrowFile(path);
  try {
    expectColumns(path, file);
    const batches = await Promise.all(Array.from({ length: file.batches }, (_, i) => file.batch(i)));
    const read = {
      path,
      ids: textsOf(batches, "id").map((id) => id ?? ""),
      labels: textsOf(batches, "label"),
      splits: textsOf(batches, "split").map((name) => splits.find((each) => each === name) ?? null),
      predictions: textsOf(batches, "prediction"),
      features: matrixOf(batches),
    };
    expectSound(read);
    return read;
  } finally {
    await file.close();
  }
}

async function expectFile(path: string): Promise<void> {
  const there = await stat(path).catch(() => null);
  if (there?.isFile() === true) return;
  throw unexpected("usage", {
    where: "classify",
    expected: "a file of features",
    subject: path,
    got: "none",
    hint: "npx zx pipeline.ts all --data ./photos makes features.arrow; --features takes another file",
  });
}

function expectColumns(path: string, { schema }: ArrowReader): void {
  const names = schema.fields.map(({ name }) => name);
  const missing = columns.filter((name) => !names.includes(name));
  if (missing.length === 0) return;
  throw unexpected("artifact", {
    where: "classify",
    expected: `the columns ${columns.join(", ")}`,
    subject: path,
    got: `none named ${missing.join(", ")}`,
    hint: "npx zx pipeline.ts export writes them",
  });
}

function expectSound({ path, ids, features: { columns: width, data } }: FeatureFile): void {
  const broken = (got: string) =>
    unexpected("artifact", {
      where: "classify",
      expected: "finite features, each id once",
      subject: path,
      got,
      hint: "npx zx pipeline.ts export writes the file anew",
    });
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) throw broken(`the id "${id}" twice`);
    seen.add(id);
  }
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at !== -1)
    throw broken(`${String(data[at])} in the features of "${ids[Math.floor(at / width)] ?? ""}"`);
}

function textsOf(batches: readonly RecordBatch[], name: string): (string | null)[] {
  const textOf = (value: unknown) => (typeof value === "string" ? value : null);
  return batches.flatMap((batch) =>
    Array.from(batch.getChild(name) ?? new Array<null>(batch.numRows).fill(null), textOf),
  );
}

function matrixOf(batches: readonly RecordBatch[]): Matrix {
  const parts = batches.map((batch) => tensorRows(batch, "features"));
  const rows = batches.reduce((sum, { numRows }) => sum + numRows, 0);
  const data = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return { rows, columns: rows === 0 ? 0 : data.length / rows, data };
}
