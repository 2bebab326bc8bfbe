import { readFile } from "node:fs/promises";
import { numberFact, shapeFact, textFact } from "../../shared/artifacts/facts.ts";
import type { Artifact } from "../../shared/artifacts/types.ts";
import { cleanViews } from "../../shared/arrow/clean-views.ts";
import type { Backbone } from "../../shared/backbone/backbone.ts";
import { chosenBackbone } from "../../shared/backbone/chosen.ts";
import { frozenGraph, nodeOfModel, shapeOfFeatures } from "../../shared/backbone/frozen.ts";
import { preprocessingOfRun } from "../../shared/backbone/preprocessing.ts";
import { engineNamed } from "../../shared/engine/engines.ts";
import { shrinkingBatch, shrunk } from "../../shared/engine/out-of-memory.ts";
import { throughGraph } from "../../shared/engine/rows.ts";
import { parseModel, serializeModel } from "../../shared/onnx/file.ts";
import type { Graph } from "../../shared/onnx/graph.ts";
import type { StageContext } from "../../shared/stage.ts";
import type { Answers } from "./answers.ts";
import type { ExportConfig } from "./run.ts";

/** Features of some photos, row after row. */
interface FeatureRows {
  readonly photos: readonly string[];
  readonly rows: Float32Array;
}

/** The features that are exported, photo by photo in the order of the shards. */
export interface Features {
  readonly node: string;
  /** of one photo */
  readonly shape: readonly number[];
  readonly batches: AsyncIterable<FeatureRows>;
  /** what made them: goes into the schema's metadata */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * The vector that enters the head comes with the classifier's answers; another node is computed
 * from the clean pixels, with the weights that it was tuned to. Without a classifier the pretrained
 * network gives both.
 *
 * @param answers null: nothing was trained
 */
export async function featuresOf(
  context: StageContext<ExportConfig>,
  answers: AsyncIterable<Answers> | null,
): Promise<Features> {
  const { config, inputs } = context;
  const { augment, embed, train } = inputs;
  if (augment === undefined || embed === undefined) throw new Error("export reads augment and embed");
  const backbone = await chosenBackbone(context, numberFact(embed.manifest, "side"));
  const node = config.features;
  const model = train?.manifest.files.find(({ name }) => name === "model.onnx");
  const tuned = train?.manifest.config["unfreeze"] !== "0" && model !== undefined;
  const metadata = {
    backbone: backbone.name,
    weights_sha256: backbone.sha256,
    ...(tuned ? { tuned_sha256: model.sha256 } : {}),
    preprocessing: JSON.stringify(preprocessingOfRun(backbone.preprocessing, augment.manifest)),
    node,
  };
  if (node === "pooled") {
    const shape = [backbone.features];
    if (answers !== null) return { node, metadata, shape, batches: pooled(answers) };
    return { node, metadata, shape, batches: through(context, pooledBeyond(backbone, embed, augment)) };
  }
  const graph =
    train === undefined
      ? frozenGraph(backbone, node)
      : nodeOfModel(backbone, parseModel(await readFile(train.file("model.onnx"))), node);
  const shape = await shapeOfFeatures(graph, await engineNamed(config.engine, config.device));
  return { node, metadata, shape, batches: through(context, { graph, input: "image", views: augment }) };
}

/** A graph that makes features, and whose clean views enter it, as which input. */
interface FeatureSource {
  readonly graph: Graph;
  readonly input: "image" | "activations";
  readonly views: Artifact;
}

/** The vector that enters the classifier, computed from where embed stopped. */
function pooledBeyond(backbone: Backbone, embed: Artifact, augment: Artifact): FeatureSource {
  const node = textFact(embed.manifest, "node");
  const graph = frozenGraph(backbone, "pooled", { node, dims: shapeFact(embed.manifest, "shape") });
  return node === "pixels"
    ? { graph, input: "image", views: augment }
    : { graph, input: "activations", views: embed };
}

async function* pooled(answers: AsyncIterable<Answers>): AsyncGenerator<FeatureRows> {
  for await (const { photos, features } of answers) yield { photos, rows: features };
}

async function* through(
  { config, workers, progress }: StageContext<ExportConfig>,
  { graph, input, views }: FeatureSource,
): AsyncGenerator<FeatureRows> {
  const engine = await engineNamed(config.engine, config.device);
  const session = await engine.load(serializeModel(graph), { threads: workers });
  const batch = shrinkingBatch(config.exportBatch, (rows) => {
    progress.line(shrunk("--export-batch", rows));
  });
  for await (const { photos, shape, rows } of cleanViews(views))
    for await (const { first, count, results } of throughGraph(
      session,
      { input, shape, rows },
      ["features"],
      batch,
    ))
      yield {
        photos: photos.slice(first, first + count),
        rows: results["features"]?.data as Float32Array,
      };
  await session.close();
}
