import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Backbone } from "../../shared/backbone/backbone.ts";
import { answerGraph, classifierGraph } from "../../shared/backbone/classifier.ts";
import type { Beginning } from "../../shared/backbone/frozen.ts";
import { serializeModel } from "../../shared/onnx/file.ts";
import type { Graph } from "../../shared/onnx/graph.ts";
import type { Epoch } from "./fit.ts";

export interface Results {
  /** `features` → `logits`, trained */
  readonly head: Graph;
  /** with what was trained in it */
  readonly backbone: Backbone;
  /** what export will read: what embed kept */
  readonly kept: Beginning;
  readonly classes: readonly string[];
  readonly epochs: readonly Epoch[];
  /** the epoch that the parameters are of */
  readonly best: Epoch;
  /** how many validation photos there are */
  readonly validated: number;
}

/**
 * Writes what a training made into a folder: answer.onnx, from what embed kept to features and logits; model.onnx, from the pixels to probabilities; metrics.jsonl, a line an epoch;
 * validation.json, how good they are. No clock is in any of them.
 *
 * @returns the files' names
 */
export async function writeResults(folder: string, results: Results): Promise<string[]> {
  const { head, backbone, kept, classes, epochs, best, validated } = results;
  const model = classifierGraph(backbone, head, {
    labels: JSON.stringify(classes),
    preprocessing: JSON.stringify(backbone.preprocessing),
    backbone: backbone.name,
    weights_sha256: backbone.sha256,
  });
  const validation = { photos: validated, epoch: best.epoch, ...best.validation };
  const files = {
    "answer.onnx": serializeModel(answerGraph(backbone, head, kept)),
    "model.onnx": serializeModel(model),
    "metrics.jsonl": epochs.map((epoch) => `${JSON.stringify(epoch)}\n`).join(""),
    "validation.json": `${JSON.stringify(validation, null, 2)}\n`,
  };
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
  return Object.keys(files);
}
