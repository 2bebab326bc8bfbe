import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { artifactOf, findManifest, finishResult } from "../shared/artifacts/results.ts";
import { checkpointsOf, removeCheckpoints } from "../shared/artifacts/checkpoints.ts";
import { shardStore } from "../shared/artifacts/shards.ts";
import { folderStore, type ObjectStore } from "../shared/artifacts/store.ts";
import type { Artifact, FileRecord } from "../shared/artifacts/types.ts";
import { exitStatus, mendable, unexpected } from "../shared/errors.ts";
import { peakMemory } from "../shared/memory.ts";
import { terminalProgress } from "../shared/progress.ts";
import { defaultsOf, type StageResult } from "../shared/stage.ts";
import type { Failure, Order } from "./order.ts";
import { stages } from "./stages.ts";

/**
 * The process of one stage: `main.ts ORDER`, the order as JSON. It loads the stage's code, begins
 * when told to, and ends with its parent (whose end of the standard input closes), and on SIGINT
 * within a second, leaving finished shards and nothing half done.
 */
async function main(order: Order): Promise<void> {
  const stage = stages.find(({ name }) => name === order.parts.stage);
  if (stage === undefined) throw new Error(`no stage is called ${order.parts.stage}`);
  endWithParent();
  process.once("SIGINT", exitInterrupted);
  const { run } = await stage.run();
  await toldToBegin();
  process.off("SIGINT", exitInterrupted);
  const interrupted = new AbortController();
  process.on("SIGINT", () => {
    interrupted.abort();
  });

  const started = performance.now();
  const store = folderStore(order.root);
  const workspace = await newWorkspace(order.root, stage.name);
  try {
    const result = await run({
      config: order.config,
      key: order.key,
      source: order.parts.source,
      inputs: await inputsOf(order, store),
      finished: (name, key) => finishedResult(order, store, name, key),
      defaults: defaultsOf(stages),
      shards: shardStore(store, stage.name),
      checkpoints: checkpointsOf(store, stage.name, order.key),
      workspace,
      cache: path.join(order.root, "cache"),
      workers: order.workers,
      part: order.part,
      progress: terminalProgress(stage.name, order.voice),
      signal: interrupted.signal,
    });
    if (result !== null) await finish(order, store, workspace, result, started);
    if (result !== null) await removeCheckpoints(store, stage.name, order.key);
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

function endWithParent(): void {
  process.stdin.on("end", exitInterrupted);
  process.stdin.on("error", exitInterrupted);
}

function exitInterrupted(): void {
  process.exit(exitStatus.interrupted);
}

/** The parent starts a stage's process early, and writes a line when its turn has come. */
function toldToBegin(): Promise<void> {
  return new Promise((resolve) => {
    process.stdin.once("data", () => {
      resolve();
    });
  });
}

/** A folder of this run's own. Its name tells which process may still be using it. */
async function newWorkspace(root: string, stage: string): Promise<string> {
  const folder = path.join(root, "work");
  await mkdir(folder, { recursive: true });
  await mkdir(path.join(root, "cache"), { recursive: true });
  return mkdtemp(path.join(folder, `${stage}-${hostname()}-${process.pid}-`));
}

async function inputsOf(order: Order, store: ObjectStore): Promise<Record<string, Artifact>> {
  const inputs: Record<string, Artifact> = {};
  for (const [stage, key] of Object.entries(order.results))
    inputs[stage] = await finishedResult(order, store, stage, key);
  return inputs;
}

async function finishedResult(
  order: Order,
  store: ObjectStore,
  stage: string,
  key: string,
): Promise<Artifact> {
  const manifest = await findManifest(store, stage, key);
  if (manifest !== null) return artifactOf(store, manifest);
  throw unexpected("artifact", {
    where: order.parts.stage,
    expected: `the result of ${stage}`,
    subject: key,
    got: "nothing finished under that key",
    hint: `run npx zx pipeline.ts ${stage}`,
  });
}

async function finish(
  order: Order,
  store: ObjectStore,
  workspace: string,
  result: StageResult,
  started: number,
) {
  const { key, parts, config, outputs, results } = order;
  const shards: FileRecord[] = [];
  for (const shard of result.shards ?? []) {
    const { bytes, sha256 } = await shardStore(store, parts.stage).record(shard);
    shards.push({ name: shard, bytes, sha256 });
  }
  const { files, facts = {} } = result;
  await finishResult(store, workspace, { key, parts, config, outputs, results, files, shards, facts });
  const run = {
    finished: new Date().toISOString(),
    seconds: (performance.now() - started) / 1000,
    peakMemoryMiB: await peakMemory(),
    workers: order.workers,
    ...result.figures,
  };
  await writeFile(store.path(`${parts.stage}/${key}/run.json`), `${JSON.stringify(run, null, 2)}\n`);
}

/** Leaves the error to the parent, which says it. */
function fail(error: unknown): void {
  const known = mendable(error, order.parts.stage);
  const failure: Failure =
    known === null
      ? { code: "defect", stack: error instanceof Error ? (error.stack ?? error.message) : String(error) }
      : { code: known.code, message: known.message };
  process.stdout.write(`${JSON.stringify(failure)}\n`, () => process.exit(known?.exitStatus ?? 1));
}

const order = JSON.parse(process.argv[2] ?? "{}") as Order;
process.once("uncaughtException", fail);
try {
  await main(order);
  process.exit(0);
} catch (error) {
  fail(error);
}
