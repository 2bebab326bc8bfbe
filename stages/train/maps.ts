import { mkdtemp } from "node:fs/promises";
import path from "node:path";
import { newScratch, readVerifiedShard, writeShard } from "../../shared/arrow/shard.ts";
import type { TensorType } from "../../shared/arrow/tensor.ts";
import { numberFact, shapeFact, textFact } from "../../shared/artifacts/facts.ts";
import type { Artifact, FileRecord } from "../../shared/artifacts/types.ts";
import type { Backbone } from "../../shared/backbone/backbone.ts";
import type { Boundary } from "../../shared/backbone/boundary.ts";
import { type Beginning, frozenGraph } from "../../shared/backbone/frozen.ts";
import type { Engine, Session } from "../../shared/engine/engine.ts";
import { throughGraph } from "../../shared/engine/rows.ts";
import { PipelineError, unexpected } from "../../shared/errors.ts";
import { serializeModel } from "../../shared/onnx/file.ts";
import type { Graph } from "../../shared/onnx/graph.ts";
import type { StageContext } from "../../shared/stage.ts";

/** What enters the trained part of a network, view by view, in shards. */
export interface Maps {
  /** the result whose shards hold it */
  readonly result: Artifact;
  readonly at: Beginning;
  /** how many views there are */
  readonly views: number;
}

/** What rows at a boundary are made of. */
export function rowTypeAt({ node }: Beginning): TensorType {
  return node === "pixels" ? "uint8" : "float32";
}

/** What of the maps is needed. */
export interface WantedMaps {
  readonly views: "all" | "clean";
  /** sha256s: shards with none of them are left out */
  readonly photos: ReadonlySet<string>;
}

type Context = Pick<StageContext<unknown>, "inputs" | "workspace" | "workers" | "progress" | "signal">;

/** What embed kept, or the pixels where it kept nothing. */
export function keptMaps({ inputs: { augment, embed } }: Pick<Context, "inputs">): Maps {
  if (augment === undefined || embed === undefined) throw new Error("train reads augment and embed");
  const node = textFact(embed.manifest, "node");
  const at = { node, dims: shapeFact(embed.manifest, "shape") };
  return { result: node === "pixels" ? augment : embed, at, views: numberFact(embed.manifest, "views") };
}

/**
 * The maps at a boundary: those that are kept, or what the frozen blocks behind them make of those,
 * computed once, into the workspace. So a map that is there serves every later boundary.
 *
 * @throws PipelineError `usage` where the boundary lies before what is kept
 */
export async function mapsAt(
  context: Context,
  backbone: Backbone,
  engine: Engine,
  boundary: Boundary,
  wanted: WantedMaps,
): Promise<Maps> {
  const kept = keptMaps(context);
  const views = wanted.views === "all" ? kept.views : 1;
  if (kept.at.node === boundary) return { ...kept, views };
  if (boundary === "pixels") throw notKept(kept.at.node, boundary);
  const graph = graphFrom(backbone, kept.at, boundary);
  const session = await engine.load(serializeModel(graph), { threads: context.workers });
  try {
    const through = { session, input: graph.inputs[0]?.name ?? "", boundary };
    return await advanced(context, { ...kept, views }, wanted.photos, through);
  } finally {
    await session.close();
  }
}

function graphFrom(backbone: Backbone, kept: Beginning, boundary: Boundary): Graph {
  try {
    return frozenGraph(backbone, boundary, kept);
  } catch (error) {
    // What lies before the kept tensor cannot be made of it.
    throw error instanceof PipelineError && kept.node !== "pixels" ? notKept(kept.node, boundary) : error;
  }
}

function notKept(kept: string, boundary: string) {
  return unexpected("usage", {
    where: "train",
    expected: "a boundary that what embed kept leads to",
    subject: "--unfreeze",
    got: `one at ${boundary}, where embed kept ${kept}`,
    hint: "run npx zx pipeline.ts all with the same --unfreeze",
  });
}

/** Views that go through the frozen blocks at once. */
const batch = 8;

/** The rest of the frozen blocks, ready to run. */
interface Through {
  readonly session: Session;
  readonly input: string;
  readonly boundary: Boundary;
}

async function advanced(
  { workspace, progress, signal }: Context,
  kept: Maps,
  wanted: WantedMaps["photos"],
  { session, input, boundary }: Through,
): Promise<Maps> {
  const all = await kept.result.shardRecords();
  const records = all
    .filter(({ photos }) => photos.some((photo) => wanted.has(photo)))
    .map((record) => ({ ...record, views: record.views.slice(0, kept.views) }));
  const shards: FileRecord[] = [];
  const scratch = newScratch();
  const rows = records.reduce((sum, { photos, views }) => sum + photos.length * views.length, 0);
  const bar = progress.bar(`frozen blocks up to ${boundary}`, rows, "views");
  const folder = await mkdtemp(path.join(workspace, "maps-"));
  const pathOf = (shard: string) => path.join(folder, `${shard}.arrow`);
  let dims: readonly number[] = [];
  for (const { key, sha256, photos, views } of records) {
    const shard = await readVerifiedShard(kept.result.shard(key), sha256, scratch);
    if (shard === null) throw await damagedShard(kept.result, key, sha256);
    const through = async (i: number) => {
      const chunks: Float32Array[] = [];
      const source = { input, shape: shard.shape, rows: await shard.view(i) };
      for await (const { results, count } of throughGraph(session, source, ["features"], batch)) {
        if (signal.aborted) throw new PipelineError("interrupted", "train: stopped");
        dims = results["features"]?.dims.slice(1) ?? [];
        chunks.push(results["features"]?.data as Float32Array);
        bar.advance(count);
      }
      return joined(chunks);
    };
    const first = await through(0);
    const layout = { photos, views, column: "activations", type: "float32", shape: dims } as const;
    const digest = await writeShard(pathOf(key), layout, (i) => (i === 0 ? first : through(i)));
    shards.push({ name: key, ...digest });
  }
  bar.done();
  const result: Artifact = {
    manifest: { ...kept.result.manifest, shards },
    file: (name) => kept.result.file(name),
    shard: pathOf,
    shardRecords: () => Promise.resolve(records),
    discardShard: () => Promise.resolve(),
  };
  return { result, at: { node: boundary, dims }, views: kept.views };
}

function joined(chunks: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** Takes a damaged shard out, so that the next run makes it anew. */
export async function damagedShard(result: Artifact, name: string, sha256: string): Promise<Error> {
  await result.discardShard(name);
  return unexpected("artifact", {
    where: "train",
    expected: `a shard with sha256 ${sha256}`,
    subject: name,
    got: "other bytes",
    hint: `npx zx pipeline.ts ${result.manifest.parts.stage} makes it anew`,
  });
}
