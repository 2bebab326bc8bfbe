import path from "node:path";
import { newScratch, readVerifiedShard, writeShard } from "../../shared/arrow/shard.ts";
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

type Context = Pick<StageContext<unknown>, "inputs" | "workspace" | "workers" | "progress" | "signal">;

/** What embed kept, or the pixels where it kept nothing. */
export function keptMaps({ inputs: { augment, embed } }: Pick<Context, "inputs">): Maps {
  if (augment === undefined || embed === undefined) throw new Error("train reads augment and embed");
  const node = textFact(embed.manifest, "node");
  const at = { node, dims: shapeFact(embed.manifest, "shape") };
  return { result: node === "pixels" ? augment : embed, at, views: numberFact(embed.manifest, "views") };
}

/**
 * The maps at a boundary: those that are kept, or what the frozen blocks behind them make of those, computed once, into the
 * workspace. So a map that is there serves every later boundary.
 *
 * @throws PipelineError `usage` where the boundary lies before what is kept
 */
export async function mapsAt(
  context: Context,
  backbone: Backbone,
  engine: Engine,
  boundary: Boundary,
): Promise<Maps> {
  const kept = keptMaps(context);
  if (kept.at.node === boundary) return kept;
  if (boundary === "pixels") throw notKept(kept.at.node, boundary);
  const graph = graphFrom(backbone, kept.at, boundary);
  const session = await engine.load(serializeModel(graph), { threads: context.workers });
  try {
    return await advanced(context, kept, session, graph.inputs[0]?.name ?? "", boundary);
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
    mend: "run npx zx pipeline.ts all with the same --unfreeze",
  });
}

/** Views that go through the frozen blocks at once. */
const batch = 8;

async function advanced(
  { workspace, progress, signal }: Context,
  kept: Maps,
  session: Session,
  input: string,
  boundary: Boundary,
): Promise<Maps> {
  const shards: FileRecord[] = [];
  const scratch = newScratch();
  const records = await kept.result.shardRecords();
  const rows = records.reduce((sum, { photos, views }) => sum + photos.length * views.length, 0);
  const bar = progress.bar(`frozen blocks up to ${boundary}`, rows, "views");
  let dims: readonly number[] = [];
  for (const { key, sha256 } of records) {
    const shard = await readVerifiedShard(kept.result.shard(key), sha256, scratch);
    if (shard === null) throw await damagedShard(kept.result, key, sha256);
    const { photos, views, shape } = shard;
    const through = async (i: number) => {
      const chunks: Float32Array[] = [];
      const source = { input, shape, rows: await shard.view(i) };
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
    const file = path.join(workspace, `${key}.arrow`);
    shards.push({ name: key, ...(await writeShard(file, layout, (i) => (i === 0 ? first : through(i)))) });
  }
  bar.done();
  const result: Artifact = {
    manifest: { ...kept.result.manifest, shards },
    file: (name) => kept.result.file(name),
    shard: (name) => path.join(workspace, `${name}.arrow`),
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
    mend: `npx zx pipeline.ts ${result.manifest.parts.stage} makes it anew`,
  });
}
