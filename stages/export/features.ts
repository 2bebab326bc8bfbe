import { readFile } from "node:fs/promises";
import { numberFact } from "../../shared/artifacts/facts.ts";
import type { Artifact } from "../../shared/artifacts/types.ts";
import { cleanViews } from "../../shared/arrow/clean-views.ts";
import type { Backbone } from "../../shared/backbone/backbone.ts";
import { chosenBackbone } from "../../shared/backbone/chosen.ts";
import { nodeOfModel, shapeOfFeatures } from "../../shared/backbone/frozen.ts";
import { preprocessingOfRun } from "../../shared/backbone/preprocessing.ts";
import type { Session } from "../../shared/engine/engine.ts";
import { engineNamed } from "../../shared/engine/engines.ts";
import { type BatchSize, shrinkingBatch, shrunk } from "../../shared/engine/out-of-memory.ts";
import { throughGraph } from "../../shared/engine/rows.ts";
import { parseModel, serializeModel } from "../../shared/onnx/file.ts";
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
 * The vector that enters the head comes with the classifier's answers; another node is computed from the clean pixels, with
 * the weights that it was tuned to.
 */
export async function featuresOf(
  context: StageContext<ExportConfig>,
  answers: AsyncIterable<Answers>,
): Promise<Features> {
  const { config, inputs } = context;
  const { augment, embed, train } = inputs;
  if (augment === undefined || embed === undefined || train === undefined)
    throw new Error("export reads augment, embed and train");
  const backbone = await chosenBackbone(context, numberFact(embed.manifest, "side"));
  const node = config.features;
  const model = train.manifest.files.find(({ name }) => name === "model.onnx");
  const tuned = train.manifest.config["unfreeze"] !== "0" && model !== undefined;
  const metadata = {
    backbone: backbone.name,
    weights_sha256: backbone.sha256,
    ...(tuned ? { tuned_sha256: model.sha256 } : {}),
    preprocessing: JSON.stringify(preprocessingOfRun(backbone.preprocessing, augment.manifest)),
    node,
  };
  if (node === "pooled") return { node, metadata, shape: [backbone.features], batches: pooled(answers) };
  return { node, metadata, ...(await computed(context, backbone)) };
}

async function* pooled(answers: AsyncIterable<Answers>): AsyncGenerator<FeatureRows> {
  for await (const { photos, features } of answers) yield { photos, rows: features };
}

async function computed(
  { config, inputs, workers, progress }: StageContext<ExportConfig>,
  backbone: Backbone,
) {
  const { augment, train } = inputs;
  if (augment === undefined || train === undefined) throw new Error("export reads augment and train");
  const graph = nodeOfModel(backbone, parseModel(await readFile(train.file("model.onnx"))), config.features);
  const engine = await engineNamed(config.engine, config.device);
  const shape = await shapeOfFeatures(graph, engine);
  const session = await engine.load(serializeModel(graph), { threads: workers });
  const batch = shrinkingBatch(config.exportBatch, (rows) => {
    progress.line(shrunk("--export-batch", rows));
  });
  return { shape, batches: nodeOf(session, augment, batch) };
}

async function* nodeOf(session: Session, augment: Artifact, batch: BatchSize): AsyncGenerator<FeatureRows> {
  for await (const { photos, shape, rows } of cleanViews(augment)) {
    const source = { input: "image", shape, rows };
    for await (const { first, count, results } of throughGraph(session, source, ["features"], batch))
      yield {
        photos: photos.slice(first, first + count),
        rows: results["features"]?.data as Float32Array,
      };
  }
  await session.close();
}
