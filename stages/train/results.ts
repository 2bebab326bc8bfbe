import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Backbone } from "../../shared/backbone/backbone.ts";
import { answerGraph, classifierGraph } from "../../shared/backbone/classifier.ts";
import type { Beginning } from "../../shared/backbone/frozen.ts";
import { serializeModel } from "../../shared/onnx/file.ts";
import type { Graph } from "../../shared/onnx/graph.ts";
import type { Epoch } from "./fit.ts";

/** A network that was trained, and what export needs to read it. */
export interface TrainedModel {
  /** `features` → `logits`, trained */
  readonly head: Graph;
  /** with what was trained in it */
  readonly backbone: Backbone;
  /** what export will read: what embed kept */
  readonly kept: Beginning;
  readonly classes: readonly string[];
}

/** How a training went. */
export interface Figures {
  readonly epochs: readonly Epoch[];
  /** the epoch that the parameters are of */
  readonly best: Epoch;
  /** how many validation photos there are */
  readonly validated: number;
}

/**
 * Writes a trained network into a folder: answer.onnx, from what embed kept to features and logits; model.onnx, from the pixels
 * to probabilities.
 *
 * @returns the files' names
 */
export async function writeModel(
  folder: string,
  { head, backbone, kept, classes }: TrainedModel,
): Promise<string[]> {
  const model = classifierGraph(backbone, head, {
    labels: JSON.stringify(classes),
    preprocessing: JSON.stringify(backbone.preprocessing),
    backbone: backbone.name,
    weights_sha256: backbone.sha256,
  });
  return writeAll(folder, {
    "answer.onnx": serializeModel(answerGraph(backbone, head, kept)),
    "model.onnx": serializeModel(model),
  });
}

/**
 * Writes how a training went into a folder: metrics.jsonl, a line an epoch; validation.json, how good the epoch is that is kept.
 * No clock is in either.
 *
 * @returns the files' names
 */
export async function writeFigures(folder: string, { epochs, best, validated }: Figures): Promise<string[]> {
  const validation = { photos: validated, epoch: best.epoch, ...best.validation };
  return writeAll(folder, {
    "metrics.jsonl": epochs.map((epoch) => `${JSON.stringify(epoch)}\n`).join(""),
    "validation.json": `${JSON.stringify(validation, null, 2)}\n`,
  });
}

async function writeAll(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<string[]> {
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
  return Object.keys(files);
}
