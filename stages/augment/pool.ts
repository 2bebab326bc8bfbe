import { inParallel } from "../../shared/parallel.ts";
import { openPool } from "../../shared/pool.ts";
import type { MadeShard, ShardTask } from "./make-shard.ts";
import type { WorkerSetup } from "./worker.ts";

export interface PoolOptions {
  readonly workers: number;
  readonly signal: AbortSignal;
  /** called now and then with the number of views warped since the last call */
  readonly warped: (views: number) => void;
}

const millisecondsApart = 100;

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
  const worker = new URL("worker.ts", import.meta.url);
  const pool = openPool<ShardTask, MadeShard>({ stage: "augment", worker, threads, setup, signal });
  const report = () => {
    warped(Atomics.exchange(tally, 0, 0));
  };
  const timer = setInterval(report, millisecondsApart);
  try {
    await inParallel(tasks, threads + 1, async (task) => {
      await finish(task, await pool.run(task));
    });
    report();
  } finally {
    clearInterval(timer);
    await pool.close();
  }
}
