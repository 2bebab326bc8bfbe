import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Backbone } from "../../shared/backbone/backbone.ts";
import { answerGraph, classifierGraph } from "../../shared/backbone/classifier.ts";
import type { Beginning } from "../../shared/backbone/frozen.ts";
import type { RunPreprocessing } from "../../shared/backbone/preprocessing.ts";
import { serializeModel } from "../../shared/onnx/file.ts";
import type { Graph } from "../../shared/onnx/graph.ts";
import type { IndexedPhotos } from "../../shared/photos.ts";
import type { Calibration } from "./calibrate.ts";
import type { Epoch } from "./fit.ts";
import type { OutOfFold } from "./out-of-fold.ts";
import { writeOutOfFold } from "./out-of-fold-table.ts";

/** A network that was trained, and what export needs to read it. */
export interface TrainedModel {
  /** `features` → `logits`, trained */
  readonly head: Graph;
  /** what the logits are divided by */
  readonly temperature: number;
  /** with what was trained in it */
  readonly backbone: Backbone;
  /** what became of the photos that it was trained on */
  readonly preprocessing: RunPreprocessing;
  /** what export will read: what embed kept */
  readonly kept: Beginning;
  readonly classes: readonly string[];
}

/** How a training went. */
export interface Figures {
  readonly epochs: readonly Epoch[];
  /** the epoch that the parameters are of */
  readonly best: Epoch;
  /** of the model that is written, calibrated, on the validation photos; null: there are none */
  readonly loss: number | null;
  /** how many validation photos there are */
  readonly validated: number;
}

/**
 * Writes a trained network into a folder: answer.onnx, from what embed kept to features and logits;
 * model.onnx, from the pixels to probabilities.
 *
 * @returns the files' names
 */
export async function writeModel(
  folder: string,
  { head, temperature, backbone, preprocessing, kept, classes }: TrainedModel,
): Promise<string[]> {
  const calibrated = { head, temperature };
  const model = classifierGraph(backbone, calibrated, {
    labels: JSON.stringify(classes),
    preprocessing: JSON.stringify(preprocessing),
    backbone: backbone.name,
    weights_sha256: backbone.sha256,
    temperature: String(temperature),
  });
  return writeAll(folder, {
    "answer.onnx": serializeModel(answerGraph(backbone, calibrated, kept)),
    "model.onnx": serializeModel(model),
  });
}

/**
 * Writes how a training went into a folder: metrics.jsonl, a line an epoch; validation.json, how
 * good the epoch is that is kept, its loss that of the calibrated model. No clock is in either.
 *
 * @returns the files' names
 */
export async function writeFigures(
  folder: string,
  { epochs, best, loss, validated }: Figures,
): Promise<string[]> {
  const measured =
    best.validation === null || loss === null
      ? {}
      : { ...best.validation, loss, lossBefore: best.validation.loss };
  const validation = { photos: validated, epoch: best.epoch, ...measured };
  return writeAll(folder, {
    "metrics.jsonl": epochs.map((epoch) => `${JSON.stringify(epoch)}\n`).join(""),
    "validation.json": `${JSON.stringify(validation, null, 2)}\n`,
  });
}

/**
 * Writes how the temperature was found into a folder: calibration.json; and out-of-fold.arrow, what
 * a cross-validated head says of every training photo.
 *
 * @returns the files' names
 */
export async function writeCalibration(
  folder: string,
  photos: IndexedPhotos,
  { calibration, table }: { calibration: Calibration; table: OutOfFold },
): Promise<string[]> {
  writeOutOfFold(path.join(folder, "out-of-fold.arrow"), photos, table);
  const files = await writeAll(folder, { "calibration.json": `${JSON.stringify(calibration, null, 2)}\n` });
  return [...files, "out-of-fold.arrow"];
}

async function writeAll(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<string[]> {
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
  return Object.keys(files);
}
