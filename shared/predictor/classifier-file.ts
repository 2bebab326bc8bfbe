import { readFile } from "node:fs/promises";
import { z } from "zod";
import { codeOf } from "../artifacts/store.ts";
import { mendable, PipelineError, unexpected } from "../errors.ts";
import { backgroundOption } from "../options.ts";
import { parseModel } from "../onnx/file.ts";
import type { Graph } from "../onnx/graph.ts";

/** A trained classifier as its file tells of it: nothing else is needed to use it. */
export interface ClassifierFile {
  /**
   * the serialised graph: `image` uint8 [n, side, side, 3] → `probabilities` float32 [n, classes]
   */
  readonly bytes: Uint8Array;
  /** the classes, in the order of the probabilities */
  readonly labels: readonly string[];
  /** pixels that a photo's shorter side is resized to before the middle is cut out */
  readonly resize: number;
  /** side of what is cut out, in pixels */
  readonly side: number;
  /** what transparent photos are drawn on */
  readonly background: string;
}

const labelsSchema = z.array(z.string()).min(1);
const preprocessingSchema = z.object({
  resize: z.int().positive(),
  crop: z.int().positive(),
  // Models from before it was written down were trained on what lay hidden: nothing is nearer to
  // that than the default.
  background: backgroundOption,
});

/**
 * Reads a `model.onnx` that train wrote.
 *
 * @throws PipelineError `artifact` where there is none, `engine` where it may not be read; `usage`
 * where the file is another one
 */
export async function readClassifier(file: string): Promise<ClassifierFile> {
  const bytes = await readFile(file).catch((error: unknown) => {
    if (codeOf(error) !== "ENOENT") throw mendable(error, "predict") ?? error;
    throw unexpected("artifact", {
      where: "predict",
      expected: "a trained model",
      subject: file,
      got: "no such file",
      hint: "npx zx pipeline.ts all makes artifacts/model.onnx of photos with labels; --model FILE names another one",
    });
  });
  const graph = parsed(bytes, file);
  const [input, output] = [graph.inputs[0], graph.outputs[0]];
  if (input?.name !== "image" || input.type !== "uint8" || output?.name !== "probabilities")
    throw another(file, "a graph from other inputs to other outputs");
  const labels = labelsSchema.safeParse(jsonOf(graph.metadata["labels"]));
  if (!labels.success) throw another(file, "one whose metadata has no labels");
  const preprocessing = preprocessingSchema.safeParse(jsonOf(graph.metadata["preprocessing"]));
  if (!preprocessing.success) throw another(file, "one whose metadata has no preprocessing");
  const { resize, crop, background } = preprocessing.data;
  return { bytes, labels: labels.data, resize, side: crop, background };
}

function parsed(bytes: Uint8Array, file: string): Graph {
  try {
    return parseModel(bytes);
  } catch (error) {
    if (error instanceof PipelineError) throw another(file, "another file", error);
    throw error;
  }
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

function another(file: string, got: string, cause?: unknown): PipelineError {
  return unexpected("usage", {
    where: "predict",
    expected: "a model.onnx that train wrote",
    subject: file,
    got,
    hint: "npx zx pipeline.ts all makes artifacts/model.onnx",
    cause,
  });
}
