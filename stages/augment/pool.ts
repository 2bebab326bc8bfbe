import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Piscina } from "piscina";
import { PipelineError } from "../../shared/errors.ts";
import { inParallel } from "../../shared/parallel.ts";
import type { MadeShard, ShardTask } from "./make-shard.ts";
import type { WorkerAnswer, WorkerSetup } from "./worker.ts";

export interface PoolOptions {
  readonly workers: number;
  readonly signal: AbortSignal;
  /** called now and then with the number of views warped since the last call */
  readonly warped: (views: number) => void;
}

const tallied = 100;

/**
 * Makes shards in a pool of threads, a task a shard, one more in flight than there are threads so that none waits.
 *
 * @param finish called with each shard as soon as it is made
 * @throws PipelineError `interrupted` where the signal is aborted, and what the workers found the user can mend
 */
export async function inPool<Task extends ShardTask>(
  tasks: readonly Task[],
  { workers, signal, warped }: PoolOptions,
  finish: (task: Task, made: MadeShard) => Promise<void>,
): Promise<void> {
  const threads = Math.min(workers, tasks.length);
  const tally = new Int32Array(new SharedArrayBuffer(4));
  const setup: WorkerSetup = { tally };
  const pool = new Piscina<ShardTask, WorkerAnswer>({
    filename: fileURLToPath(new URL("worker.ts", import.meta.url)),
    execArgv: typescriptLoader(),
    minThreads: threads,
    maxThreads: threads,
    workerData: setup,
  });
  const timer = setInterval(() => {
    warped(Atomics.exchange(tally, 0, 0));
  }, tallied);
  try {
    await inParallel(tasks, threads + 1, async (task) => {
      const answer = await pool.run(task, { signal });
      if ("failed" in answer) throw new PipelineError(answer.failed.code, answer.failed.message);
      await finish(task, answer.made);
    });
    warped(Atomics.exchange(tally, 0, 0));
  } catch (error) {
    throw signal.aborted
      ? new PipelineError("interrupted", "augment: stopped; finished shards are kept")
      : error;
  } finally {
    clearInterval(timer);
    await pool.destroy();
  }
}

/** Node before 22.18 runs TypeScript through tsx alone, which the main thread may have got in another way. */
function typescriptLoader(): string[] {
  if ("typescript" in process.features && process.features.typescript !== false) return [];
  return ["--import", pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href];
}
