import { fileURLToPath } from "node:url";
import { $ } from "zx";
import { relink } from "../shared/artifacts/store.ts";
import { findManifest } from "../shared/artifacts/results.ts";
import { PipelineError, unexpected } from "../shared/errors.ts";
import type { Part } from "../shared/part.ts";
import type { Order } from "../stages/order.ts";
import type { Place, PlannedStage } from "./plan.ts";

/** Where and with how much of the machine a plan is carried out. */
export interface Means {
  readonly root: string;
  readonly workers: number;
  readonly part: Part | null;
}

const stageProcess = fileURLToPath(new URL("../stages/main.ts", import.meta.url));

/**
 * Runs a planned stage in a process of its own, unless its result is there, and moves the run's ref to it.
 *
 * @returns false where other parts of the stage are still to be made
 */
export async function execute(
  planned: PlannedStage,
  place: Place,
  means: Means,
  signal: AbortSignal,
): Promise<boolean> {
  const { stage, key } = planned;
  if (planned.state !== "done") await runProcess(planned, means, signal);
  if ((await findManifest(place.store, stage.name, key)) === null) return false;
  await moveRef(place, stage.name, key);
  await showFiles(place, stage.name, key);
  return true;
}

/** What a process reads before any script of its own runs. */
function processSettings(workers: number): Record<string, string> {
  return {
    // Every worker thread shares libuv's pool, in which photos are read and decoded.
    UV_THREADPOOL_SIZE: String(Math.max(4, workers + 2)),
    // glibc gives a freed photo's pages back and faults them in again for the next: 7.6 ms of CPU a photo became 6.9.
    MALLOC_TRIM_THRESHOLD_: String(256 << 20),
    MALLOC_MMAP_THRESHOLD_: String(32 << 20),
  };
}

async function runProcess(
  { key, parts, config, outputs, results, stage }: PlannedStage,
  means: Means,
  signal: AbortSignal,
) {
  const order: Order = { key, parts, config, outputs, results, ...means };
  const env = { ...process.env, ...processSettings(means.workers) };
  const child = $({
    stdio: ["pipe", "inherit", "inherit"],
    env,
    nothrow: true,
    quiet: true,
    detached: false,
  })`${process.execPath} ${process.execArgv} ${stageProcess} ${JSON.stringify(order)}`;
  const interrupt = () => child.child?.kill("SIGINT");
  signal.addEventListener("abort", interrupt);
  const { exitCode, signal: killedBy } = await child;
  signal.removeEventListener("abort", interrupt);
  if (exitCode === 0) return;
  if (signal.aborted) throw new PipelineError("interrupted", "");
  if (killedBy !== null)
    throw unexpected("engine", {
      where: stage.name,
      expected: "its process to finish",
      subject: stage.name,
      got: `its end by ${killedBy}`,
      mend: "finished work is kept: the same command goes on from there",
    });
  // The stage has said on the same terminal what was wrong.
  throw new StageFailed(exitCode ?? 1);
}

/** A stage's process has ended with an error, which it has printed itself. */
export class StageFailed extends Error {
  readonly exitStatus: number;

  constructor(exitStatus: number) {
    super("a stage failed");
    this.exitStatus = exitStatus;
  }
}

async function moveRef(place: Place, stage: string, key: string): Promise<void> {
  for (;;) {
    const before = await place.refs.read(place.run, stage);
    if (before === key || (await place.refs.compareAndSwap(place.run, stage, before, key))) return;
  }
}

/** Files that people look for at a fixed place: the run's own, and those of the run that was made last. */
const shownFiles: Readonly<Record<string, readonly string[]>> = {
  train: ["model.onnx", "metrics.jsonl"],
  export: ["features.arrow", "features.npy", "labels.npy", "ids.json"],
};

async function showFiles({ store, run }: Place, stage: string, key: string): Promise<void> {
  for (const name of shownFiles[stage] ?? []) {
    const file = store.path(`${stage}/${key}/${name}`);
    await relink(file, store.path(`runs/${run}/${name}`));
    await relink(file, store.path(name));
  }
}
