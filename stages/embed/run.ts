import path from "node:path";
import { numberFact, shapeFact, textFact } from "../../shared/artifacts/facts.ts";
import { heldRows, planRows } from "../../shared/arrow/held-rows.ts";
import type { Artifact } from "../../shared/artifacts/types.ts";
import { boundaryOf } from "../../shared/backbone/boundary.ts";
import { type BackboneChoice, chosenBackbone } from "../../shared/backbone/chosen.ts";
import { frozenGraph, shapeOfFeatures } from "../../shared/backbone/frozen.ts";
import { normalisationInWords } from "../../shared/backbone/normalisations.ts";
import { atOpenSize } from "../../shared/backbone/shapes.ts";
import type { ComputeDevice, Engine } from "../../shared/engine/engine.ts";
import { engineNamed } from "../../shared/engine/engines.ts";
import { shrunk } from "../../shared/engine/out-of-memory.ts";
import { unexpected } from "../../shared/errors.ts";
import { serializeModel } from "../../shared/onnx/file.ts";
import type { Graph } from "../../shared/onnx/graph.ts";
import { inParallel } from "../../shared/parallel.ts";
import { openPool } from "../../shared/pool.ts";
import { shareOf } from "../../shared/part.ts";
import type { StageContext, StageResult } from "../../shared/stage.ts";
import { checkTrainable } from "../../shared/training/check.ts";
import { derivationDigest, type PlannedShard, planShards } from "./plan.ts";
import type { EmbedAnswer, EmbedTask, WorkerSetup } from "./worker.ts";

export interface EmbedConfig extends BackboneChoice {
  readonly engine: string;
  readonly device: ComputeDevice;
  readonly unfreeze: string;
  readonly embedBatch: number;
}

/** Raised when the same pixels, network and node would give other rows. */
const shardVersion = 2;

/**
 * Shards in work at once: each holds its pixels' view and a session, so that memory does not grow
 * with the cores.
 */
const mostLanes = 4;

/**
 * Every view of every photo through the frozen backbone, shard by shard; finished shards are left
 * as they are.
 */
export async function run(context: StageContext<EmbedConfig>): Promise<StageResult | null> {
  const { config, inputs, shards, part, progress } = context;
  const pixels = inputs["augment"];
  if (pixels === undefined) throw new Error("embed reads augment");
  const [side = 0] = shapeFact(pixels.manifest, "shape");
  const backbone = await chosenBackbone(context, side);
  const engine = await engineNamed(config.engine, config.device);
  progress.line(
    `${backbone.name} on engine ${engine.name} (${engine.library.name} ${engine.library.version})`,
  );
  const { mean, std, source } = backbone.preprocessing;
  progress.line(`pixels enter ${backbone.name} as ${normalisationInWords(backbone.preprocessing)}`);
  for (const remark of backbone.remarks) progress.line(`${backbone.name}: ${remark}`);

  const node = boundaryOf(backbone, config.unfreeze);
  const facts = {
    ...{ node, side, features: backbone.features, views: numberFact(pixels.manifest, "views") },
    weights: backbone.sha256,
    normalisation: { mean, std, source },
  };
  if (node === "pixels") {
    checkTrainable(backbone, { node, dims: [side, side, 3] }, engine);
    progress.line("nothing is frozen: the training reads the pixels themselves");
    return { files: [], shards: [], facts: { ...facts, shape: [side, side, 3] } };
  }
  const graph = frozenGraph(backbone, node);
  const shape = await atOpenSize(backbone, () => shapeOfFeatures(graph, engine));
  if (node !== "pooled") checkTrainable(backbone, { node, dims: shape }, engine);
  const derivation = derivationDigest({
    version: shardVersion,
    pixels: textFact(pixels.manifest, "derivation"),
    backbone: backbone.sha256,
    normalisation: { mean, std },
    node,
    engine: engine.name,
    device: config.device,
    library: `${engine.library.name} ${engine.library.version}`,
  });
  const plan = planShards(derivation, await pixels.shardRecords());
  const todo: PlannedShard[] = [];
  for (const shard of shareOf(plan, part)) if (!(await shards.has(shard.key))) todo.push(shard);
  const figures =
    todo.length === 0 ? {} : await makeShards(todo, { derivation, graph, shape, engine }, pixels, context);
  for (const { key } of plan) if (!(await shards.has(key))) return null;
  return {
    files: [],
    shards: plan.map(({ key }) => key),
    facts: { ...facts, shape, derivation },
    figures,
  };
}

/** How the rows of all shards are made. */
interface Recipe {
  readonly derivation: string;
  readonly graph: Graph;
  /** of one row */
  readonly shape: readonly number[];
  readonly engine: Engine;
}

async function makeShards(
  todo: readonly PlannedShard[],
  { derivation, graph, shape, engine }: Recipe,
  pixels: Artifact,
  { config, shards, workers, workspace, progress, signal }: StageContext<EmbedConfig>,
) {
  const lanes = Math.min(workers, todo.length, engine.threadSafe ? mostLanes : 1);
  const setup: WorkerSetup = {
    model: serializeModel(graph),
    engine: config.engine,
    device: config.device,
    threads: Math.max(1, Math.floor(workers / lanes)),
    shape,
    batch: config.embedBatch,
    shards: path.dirname(shards.path("any")),
  };
  const worker = new URL("worker.ts", import.meta.url);
  const pool = openPool<EmbedTask, EmbedAnswer>({ stage: "embed", worker, threads: lanes, setup, signal });
  const held = heldRows(await shards.recordsOf(derivation));
  const rows = todo.reduce((sum, { photos, views }) => sum + photos.length * views.length, 0);
  const bar = progress.bar("embedding", rows, "views");
  const started = performance.now();
  let computed = 0;
  let batch = config.embedBatch;

  const make = async ({ key, photos, views, pixels: source }: PlannedShard): Promise<void> => {
    const file = path.join(workspace, key);
    const answer = await pool.run({
      photos,
      views,
      pixels: { path: pixels.shard(source.name), sha256: source.sha256 },
      rows: planRows(photos, views, held),
      file,
    });
    if (answer.damaged) throw await damagedPixels(pixels, source.name);
    await shards.put(file, { key, derivation, photos, views, bytes: answer.bytes, sha256: answer.sha256 });
    computed += answer.computed;
    if (answer.batch < batch) progress.line(shrunk("--embed-batch", (batch = answer.batch)));
    bar.advance(photos.length * views.length);
  };
  try {
    await inParallel(todo, lanes, make);
  } finally {
    await pool.close();
  }
  bar.done();
  progress.line(`computed ${computed} views, copied ${rows - computed}`);
  return {
    computed,
    copied: rows - computed,
    units: computed,
    unitsPerSecond: (computed * 1000) / (performance.now() - started),
  };
}

async function damagedPixels(pixels: Artifact, shard: string): Promise<Error> {
  await pixels.discardShard(shard);
  return unexpected("artifact", {
    where: "embed",
    expected: "the bytes that augment wrote",
    subject: pixels.shard(shard),
    got: "others: the file was damaged",
    hint: "the shard was taken out: npx zx pipeline.ts all makes it anew, and only it",
  });
}
