import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Json } from "../../shared/artifacts/types.ts";
import { createNpy } from "../../shared/arrow/npy.ts";
import { sizeOf } from "../../shared/arrow/tensor.ts";
import type { BackboneChoice } from "../../shared/backbone/chosen.ts";
import type { ComputeDevice } from "../../shared/engine/engine.ts";
import { PipelineError } from "../../shared/errors.ts";
import { readIndexedPhotos, rowsBySha256, type Split } from "../../shared/photos.ts";
import type { StageContext, StageResult } from "../../shared/stage.ts";
import { writeFeatureTable } from "./feature-table.ts";
import { featuresOf } from "./features.ts";
import { recordAnswers } from "./record-answers.ts";
import { type PartScore, scorePart, scoresInWords } from "./score.ts";

export interface ExportConfig extends BackboneChoice {
  readonly engine: string;
  readonly device: ComputeDevice;
  readonly features: string;
  readonly exportBatch: number;
}

/**
 * Features and predictions of view 0 of every photo, in index order: the calibrated probabilities
 * of all classes beside the features. Features alone, where the photos have no labels and nothing
 * was trained.
 */
export async function run(context: StageContext<ExportConfig>): Promise<StageResult> {
  const { inputs, workspace, progress, signal } = context;
  const { index, train } = inputs;
  if (index === undefined) throw new Error("export reads index");
  const started = performance.now();
  const photos = await readIndexedPhotos(index);
  const rowsOf = rowsBySha256(photos);
  const at = (name: string) => path.join(workspace, name);

  const recorded =
    train === undefined ? null : recordAnswers(context, at("probabilities.npy"), photos, rowsOf);
  const features = await featuresOf(context, recorded?.answers ?? null);
  const npy = createNpy(at("features.npy"), "float32", [photos.count, ...features.shape]);
  const bar = progress.bar(`writing features (${features.node})`, rowsOf.size, "photos");
  const size = sizeOf(features.shape);
  for await (const { photos: names, rows } of features.batches) {
    if (signal.aborted) throw new PipelineError("interrupted", "export: stopped");
    for (const [i, sha256] of names.entries())
      for (const row of rowsOf.get(sha256) ?? []) npy.writeRows(row, rows.subarray(i * size, (i + 1) * size));
    bar.advance(names.filter((sha256) => rowsOf.has(sha256)).length);
  }
  await npy.finish();
  bar.done();

  // Where the features did not come with the answers, these are still to be asked for.
  await recorded?.finish();
  const predictions = recorded?.predictions ?? null;
  await writeFeatureTable(at("features.arrow"), at("features.npy"), photos, predictions, features);
  const labels = createNpy(at("labels.npy"), "int64", [photos.count]);
  labels.writeRows(0, BigInt64Array.from(photos.labels, BigInt));
  await labels.finish();
  await writeFile(at("ids.json"), `${JSON.stringify(photos.ids)}\n`);
  const scoreOf = (part: Split) => (predictions === null ? null : scorePart(photos, predictions, part));
  const [test, validation] = [scoreOf("test"), scoreOf("validation")];
  if (test !== null) progress.line(scoresInWords(test, validation));
  return {
    files: [
      ...["features.arrow", "features.npy"],
      ...(recorded === null ? [] : ["probabilities.npy"]),
      ...["labels.npy", "ids.json"],
    ],
    figures: { units: photos.count, unitsPerSecond: (photos.count * 1000) / (performance.now() - started) },
    facts: {
      photos: photos.count,
      node: features.node,
      shape: features.shape,
      test: factsOf(test),
      validation: factsOf(validation),
    },
  };
}

/** A score as facts of the manifest. */
function factsOf(score: PartScore | null): Readonly<Record<string, Json>> | null {
  return score === null ? null : { ...score };
}
