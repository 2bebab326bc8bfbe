import { openPool, type Pool } from "../../shared/pool.ts";
import type { BoostingTask } from "./boosting.ts";
import type { Machine, PairsTask } from "./smo.ts";
import type { TreesTask } from "./trees.ts";

/** What threads are asked to do, and what comes of it. */
export interface Works {
  readonly pairs: { readonly task: PairsTask; readonly answer: Machine[] };
  readonly trees: { readonly task: TreesTask; readonly answer: Float32Array };
  readonly boosting: { readonly task: BoostingTask; readonly answer: Float32Array[] };
}

export interface Envelope<Kind extends keyof Works = keyof Works> {
  readonly kind: Kind;
  readonly task: Works[Kind]["task"];
}

/** Has a thread do something. */
export type Work = <Kind extends keyof Works>(
  kind: Kind,
  task: Works[Kind]["task"],
) => Promise<Works[Kind]["answer"]>;

/** Threads for as long as `use` takes. */
export async function withThreads<Result>(
  threads: number,
  signal: AbortSignal,
  use: (work: Work) => Promise<Result>,
): Promise<Result> {
  const worker = new URL("worker.ts", import.meta.url);
  const pool: Pool<Envelope, unknown> = openPool({ stage: "classify", worker, threads, setup: null, signal });
  // The worker answers each kind of task with its own kind of answer.
  const work: Work = (kind, task) => pool.run({ kind, task }) as Promise<Works[typeof kind]["answer"]>;
  try {
    return await use(work);
  } finally {
    await pool.close();
  }
}
