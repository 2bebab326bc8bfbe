import { open } from "node:fs/promises";
import path from "node:path";
import { verifyFile } from "../../shared/arrow/shard.ts";
import { sizeOf, type TensorRows, type TensorType } from "../../shared/arrow/tensor.ts";
import type { FileRecord } from "../../shared/artifacts/types.ts";
import { PipelineError, unexpected } from "../../shared/errors.ts";
import type { StageContext } from "../../shared/stage.ts";
import type { Standardisation } from "../../shared/training/head.ts";
import { readView } from "./batches.ts";
import type { Examples, ShardExamples } from "./examples.ts";
import { damagedShard, type Maps, rowTypeAt } from "./maps.ts";

/** What the first pass over the clean views finds out. */
export interface Survey {
  /** from the training examples' features; null where the rows are maps */
  readonly standardisation: Standardisation | null;
  /** rows and labels of the validation examples, gathered */
  readonly validation: GatheredExamples;
}

/**
 * Examples of which the rows lie one after another in a file: few, and otherwise scattered over all
 * shards.
 */
export interface GatheredExamples {
  readonly path: string;
  readonly type: TensorType;
  /** of a row */
  readonly shape: readonly number[];
  readonly labels: Uint32Array;
}

/**
 * Reads the clean view of every shard once: checks the shards' digests and that all numbers are
 * numbers.
 *
 * @throws PipelineError `artifact` naming a damaged shard, `data` naming a photo with a number that
 * is none
 */
export async function surveyMaps(
  context: Pick<StageContext<unknown>, "workspace" | "signal">,
  { result, at }: Maps,
  { train, validation }: Examples,
): Promise<Survey> {
  const { dims } = at;
  const moments = at.node === "pooled" ? new FeatureMoments(sizeOf(dims)) : null;
  const type = rowTypeAt(at);
  const gathered = {
    path: path.join(context.workspace, `validation-${dims.join("x")}.rows`),
    labels: [] as number[],
  };
  const file = await open(gathered.path, "w");
  try {
    for (const shard of result.manifest.shards) {
      const [forTraining, forValidation] = [examplesIn(train, shard), examplesIn(validation, shard)];
      if (forTraining === undefined && forValidation === undefined) continue;
      if (!(await verifyFile(result.shard(shard.name), shard.sha256)))
        throw await damagedShard(result, shard.name, shard.sha256);
      const rows = await readView(result, shard.name, 0);
      checkNumbers(rows, sizeOf(dims), shard.name);
      if (context.signal.aborted) throw new PipelineError("interrupted", "train: stopped");
      if (forTraining !== undefined) moments?.add(chosenRows(rows, forTraining.rows, sizeOf(dims)));
      if (forValidation === undefined) continue;
      await file.appendFile(bytesOf(chosenRows(rows, forValidation.rows, sizeOf(dims))));
      gathered.labels.push(...forValidation.labels);
    }
  } finally {
    await file.close();
  }
  return {
    standardisation: moments?.standardisation() ?? null,
    validation: { path: gathered.path, type, shape: dims, labels: Uint32Array.from(gathered.labels) },
  };
}

function examplesIn(examples: readonly ShardExamples[], shard: FileRecord): ShardExamples | undefined {
  return examples.find((one) => one.shard === shard);
}

/** Sums from which the features' means and variances follow. */
class FeatureMoments {
  #count = 0;
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;

  constructor(features: number) {
    this.#sums = new Float64Array(features);
    this.#squares = new Float64Array(features);
  }

  add(values: TensorRows): void {
    const [sums, squares] = [this.#sums, this.#squares];
    this.#count += values.length / sums.length;
    for (let i = 0; i < values.length; i++) {
      const [f, value] = [i % sums.length, values[i] as number];
      sums[f] = (sums[f] as number) + value;
      squares[f] = (squares[f] as number) + value * value;
    }
  }

  /**
   * Each feature is centred by itself, but all are divided by one number, the root of their mean
   * variance: what the backbone says loudly stays loud. (A deviation for each feature blows faint
   * ones up to noise; on training folds it did worse.)
   */
  standardisation(): Standardisation {
    const mean = this.#sums.map((sum) => sum / this.#count);
    const variances = this.#squares.map((square, f) => square / this.#count - (mean[f] as number) ** 2);
    const variance = variances.reduce((sum, one) => sum + one, 0) / variances.length;
    // Features that are the same for every photo teach nothing; they are left at 0.
    return {
      mean: Float32Array.from(mean),
      deviation: Float32Array.of(variance > 0 ? Math.sqrt(variance) : 1),
    };
  }
}

function checkNumbers(values: TensorRows, length: number, shard: string): void {
  if (values instanceof Uint8Array) return;
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad === -1) return;
  throw unexpected("data", {
    where: "train",
    expected: "features that are numbers",
    subject: `row ${Math.floor(bad / length)} of shard ${shard}`,
    got: String(values[bad]),
    hint: "the backbone, or its preprocessing, does not suit the photos",
  });
}

/** Some of the rows, one after another. */
export function chosenRows(values: TensorRows, rows: Uint32Array, length: number): TensorRows {
  const chosen =
    values instanceof Uint8Array
      ? new Uint8Array(rows.length * length)
      : new Float32Array(rows.length * length);
  for (const [i, row] of rows.entries())
    chosen.set(values.subarray(row * length, (row + 1) * length), i * length);
  return chosen;
}

function bytesOf({ buffer, byteOffset, byteLength }: TensorRows): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
