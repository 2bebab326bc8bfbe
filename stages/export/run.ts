import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Json } from "../../shared/artifacts/types.ts";
import { createNpy } from "../../shared/arrow/npy.ts";
import { sizeOf } from "../../shared/arrow/tensor.ts";
import { softmaxRows } from "../../shared/calibration/softmax.ts";
import type { BackboneChoice } from "../../shared/backbone/chosen.ts";
import type { ComputeDevice } from "../../shared/engine/engine.ts";
import { PipelineError } from "../../shared/errors.ts";
import { readIndexedPhotos, rowsBySha256 } from "../../shared/photos.ts";
import type { StageContext, StageResult } from "../../shared/stage.ts";
import { answersOf } from "./answers.ts";
import { writeFeatureTable } from "./feature-table.ts";
import { featuresOf } from "./features.ts";
import { addPredictions, noPredictions } from "./predictions.ts";
import { type PartScore, scorePart, scoresInWords } from "./score.ts";

export interface ExportConfig extends BackboneChoice {
  readonly engine: string;
  readonly device: ComputeDevice;
  readonly features: string;
  readonly exportBatch: number;
}

/** Features and predictions of view 0 of every photo, in index order: the calibrated probabilities of all classes beside the features. */
export async function run(context: StageContext<ExportConfig>): Promise<StageResult> {
  const { inputs, workspace, progress, signal } = context;
  const { index, train } = inputs;
  if (index === undefined || train === undefined) throw new Error("export reads index and train");
  const started = performance.now();
  const photos = await readIndexedPhotos(index);
  const rowsOf = rowsBySha256(photos);
  const at = (name: string) => path.join(workspace, name);

  const predictions = noPredictions(photos);
  const classes = photos.classes.length;
  const probabilities = createNpy(at("probabilities.npy"), "float32", [photos.count, classes]);
  const answers = noting(answersOf(context), (answer) => {
    const stated = softmaxRows(answer.logits, classes);
    addPredictions(predictions, answer, stated, photos, rowsOf);
    for (const [i, sha256] of answer.photos.entries())
      for (const row of rowsOf.get(sha256) ?? [])
        probabilities.writeRows(row, stated.subarray(i * classes, (i + 1) * classes));
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
  await probabilities.finish();
  await writeFeatureTable(at("features.arrow"), at("features.npy"), photos, predictions, features);
  const labels = createNpy(at("labels.npy"), "int64", [photos.count]);
  labels.writeRows(0, BigInt64Array.from(photos.labels, BigInt));
  await labels.finish();
  await writeFile(at("ids.json"), `${JSON.stringify(photos.ids)}\n`);
  const [test, validation] = [
    scorePart(photos, predictions, "test"),
    scorePart(photos, predictions, "validation"),
  ];
  if (test !== null) progress.line(scoresInWords(test, validation));
  return {
    files: ["features.arrow", "features.npy", "probabilities.npy", "labels.npy", "ids.json"],
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

async function* noting<Item>(items: AsyncIterable<Item>, note: (item: Item) => void): AsyncGenerator<Item> {
  for await (const item of items) {
    note(item);
    yield item;
  }
}
