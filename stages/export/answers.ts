import { readFile } from "node:fs/promises";
import { cleanViews } from "../../shared/arrow/clean-views.ts";
import { textFact } from "../../shared/artifacts/facts.ts";
import { engineNamed } from "../../shared/engine/engines.ts";
import { shrinkingBatch, shrunk } from "../../shared/engine/out-of-memory.ts";
import { throughGraph } from "../../shared/engine/rows.ts";
import type { Tensor } from "../../shared/onnx/graph.ts";
import type { StageContext } from "../../shared/stage.ts";
import type { ExportConfig } from "./run.ts";

/** What the trained network makes of some photos' clean views. */
export interface Answers {
  readonly photos: readonly string[];
  /** [photos, features] */
  readonly features: Float32Array;
  /** [photos, classes] */
  readonly logits: Float32Array;
}

/** Runs the trained part over what embed kept of every photo, or over the pixels where it kept nothing. */
export async function* answersOf({
  config,
  inputs,
  workers,
  progress,
}: StageContext<ExportConfig>): AsyncGenerator<Answers> {
  const { augment, embed, train } = inputs;
  if (augment === undefined || embed === undefined || train === undefined)
    throw new Error("answers need augment, embed and train");
  const fromPixels = textFact(embed.manifest, "node") === "pixels";
  const engine = await engineNamed(config.engine, config.device);
  const session = await engine.load(await readFile(train.file("answer.onnx")), { threads: workers });
  const batch = shrinkingBatch(config.exportBatch, (rows) => {
    progress.line(shrunk("--export-batch", rows));
  });
  try {
    for await (const { photos, shape, rows } of cleanViews(fromPixels ? augment : embed)) {
      const source = { input: fromPixels ? "image" : "activations", shape, rows };
      for await (const { first, count, results } of throughGraph(
        session,
        source,
        ["features", "logits"],
        batch,
      ))
        yield {
          photos: photos.slice(first, first + count),
          features: numbers(results["features"]),
          logits: numbers(results["logits"]),
        };
    }
  } finally {
    await session.close();
  }
}

function numbers(tensor: Tensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new Error("export: the trained network gives float32");
}
