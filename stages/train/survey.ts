import { open, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { verifyFile } from "../../shared/arrow/shard.ts";
import type { Artifact, FileRecord } from "../../shared/artifacts/types.ts";
import { PipelineError, unexpected } from "../../shared/errors.ts";
import type { StageContext } from "../../shared/stage.ts";
import type { Standardisation } from "../../shared/training/head.ts";
import { readView } from "./batches.ts";
import type { Examples, ShardExamples } from "./examples.ts";

/** What the first pass over the clean views finds out. */
export interface Survey {
  /** from the training examples' features */
  readonly standardisation: Standardisation;
  /** features and labels of the validation examples, gathered */
  readonly validation: GatheredExamples;
}

/** Examples of which the features lie one after another in a file of float32: few, and otherwise scattered over all shards. */
export interface GatheredExamples {
  readonly path: string;
  readonly labels: Uint32Array;
}

/**
 * Reads the clean view of every shard once: checks the shards' digests and that all features are numbers.
 *
 * @throws PipelineError `artifact` naming a damaged shard, `data` naming a photo with a feature that is no number
 */
export async function surveyFeatures(
  context: Pick<StageContext<unknown>, "inputs" | "workspace" | "progress" | "signal">,
  { train, validation }: Examples,
  features: number,
): Promise<Survey> {
  const { embed } = context.inputs;
  if (embed === undefined) throw new Error("train reads embed");
  const moments = new FeatureMoments(features);
  const gathered = { path: path.join(context.workspace, "validation.f32"), labels: [] as number[] };
  const file = await open(gathered.path, "w");
  try {
    for (const shard of embed.manifest.shards) {
      if (context.signal.aborted) throw new PipelineError("interrupted", "train: stopped");
      const [forTraining, forValidation] = [examplesIn(train, shard), examplesIn(validation, shard)];
      if (forTraining === undefined && forValidation === undefined) continue;
      await checkDigest(embed, shard);
      const rows = await readView(embed, shard.name, 0);
      checkNumbers(rows, features, shard.name);
      if (forTraining !== undefined) moments.add(rows, forTraining.rows);
      if (forValidation === undefined) continue;
      await appendRows(file, rows, forValidation.rows, features);
      gathered.labels.push(...forValidation.labels);
    }
  } finally {
    await file.close();
  }
  return {
    standardisation: moments.standardisation(),
    validation: { path: gathered.path, labels: Uint32Array.from(gathered.labels) },
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

  add(values: Float32Array, rows: Uint32Array): void {
    const [sums, squares] = [this.#sums, this.#squares];
    const features = sums.length;
    this.#count += rows.length;
    for (const row of rows)
      for (let f = 0; f < features; f++) {
        const value = values[row * features + f] as number;
        sums[f] = (sums[f] as number) + value;
        squares[f] = (squares[f] as number) + value * value;
      }
  }

  /**
   * Each feature is centred by itself, but all are divided by one number, the root of their mean variance: what the backbone
   * says loudly stays loud. (A deviation for each feature blows faint ones up to noise; on training folds it did worse.)
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

async function checkDigest(embed: Artifact, { name, sha256 }: FileRecord): Promise<void> {
  if (await verifyFile(embed.shard(name), sha256)) return;
  await embed.discardShard(name);
  throw unexpected("artifact", {
    where: "train",
    expected: `a shard with sha256 ${sha256}`,
    subject: name,
    got: "other bytes",
    mend: "npx zx pipeline.ts embed makes it anew",
  });
}

function checkNumbers(values: Float32Array, features: number, shard: string): void {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad === -1) return;
  throw unexpected("data", {
    where: "train",
    expected: "features that are numbers",
    subject: `row ${Math.floor(bad / features)} of shard ${shard}`,
    got: String(values[bad]),
    mend: "the backbone, or its preprocessing, does not suit the photos",
  });
}

async function appendRows(file: FileHandle, values: Float32Array, rows: Uint32Array, features: number) {
  const chosen = new Float32Array(rows.length * features);
  for (const [i, row] of rows.entries())
    chosen.set(values.subarray(row * features, (row + 1) * features), i * features);
  await file.appendFile(new Uint8Array(chosen.buffer));
}
