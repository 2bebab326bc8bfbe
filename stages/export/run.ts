import { writeFile } from "node:fs/promises";
import path from "node:path";
import { createNpy } from "../../shared/arrow/npy.ts";
import { sizeOf } from "../../shared/arrow/tensor.ts";
import type { BackboneChoice } from "../../shared/backbone/chosen.ts";
import type { ComputeDevice } from "../../shared/engine/engine.ts";
import { PipelineError } from "../../shared/errors.ts";
import { readIndexedPhotos, rowsBySha256 } from "../../shared/photos.ts";
import type { StageContext, StageResult } from "../../shared/stage.ts";
import { answersOf } from "./answers.ts";
import { writeFeatureTable } from "./feature-table.ts";
import { featuresOf } from "./features.ts";
import { addPredictions, noPredictions } from "./predictions.ts";
import { scoreTestPart } from "./score.ts";

export interface ExportConfig extends BackboneChoice {
  readonly engine: string;
  readonly device: ComputeDevice;
  readonly features: string;
  readonly exportBatch: number;
}

/** Features and predictions of view 0 of every photo, in index order. */
export async function run(context: StageContext<ExportConfig>): Promise<StageResult> {
  const { inputs, workspace, progress, signal } = context;
  const { index, train } = inputs;
  if (index === undefined || train === undefined) throw new Error("export reads index and train");
  const started = performance.now();
  const photos = await readIndexedPhotos(index);
  const rowsOf = rowsBySha256(photos);
  const at = (name: string) => path.join(workspace, name);

  const predictions = noPredictions(photos);
  const answers = noting(answersOf(context), ({ photos: names, logits }) => {
    addPredictions(predictions, names, logits, rowsOf);
  });
  const features = await featuresOf(context, answers);
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
  while ((await answers.next()).done !== true)
    if (signal.aborted) throw new PipelineError("interrupted", "export: stopped");
  await writeFeatureTable(at("features.arrow"), at("features.npy"), photos, predictions, features);
  const labels = createNpy(at("labels.npy"), "int64", [photos.count]);
  labels.writeRows(0, BigInt64Array.from(photos.labels, BigInt));
  await labels.finish();
  await writeFile(at("ids.json"), `${JSON.stringify(photos.ids)}\n`);
  const test = scoreTestPart(photos, predictions);
  if (test !== null)
    progress.line(
      `test part, scored once: accuracy ${(100 * test.accuracy).toFixed(1)} % of ${test.photos} photos`,
    );
  return {
    files: ["features.arrow", "features.npy", "labels.npy", "ids.json"],
    figures: { units: photos.count, unitsPerSecond: (photos.count * 1000) / (performance.now() - started) },
    facts: { photos: photos.count, node: features.node, shape: features.shape, test },
  };
}

async function* noting<Item>(items: AsyncIterable<Item>, note: (item: Item) => void): AsyncGenerator<Item> {
  for await (const item of items) {
    note(item);
    yield item;
  }
}
