import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { type ErrorCode, PipelineError } from "./errors.ts";
import { typescriptLoader } from "./typescript.ts";

/** Threads that work on tasks, one each at a time. */
export interface Pool<Task, Answer> {
  /** @throws PipelineError what the thread threw, or `interrupted` where the signal was aborted */
  run(task: Task): Promise<Answer>;
  close(): Promise<void>;
}

export interface PoolOptions {
  /** the stage that speaks where it is interrupted */
  readonly stage: string;
  /** the module of the threads; its default export is made by `answering` */
  readonly worker: URL;
  readonly threads: number;
  /** what all tasks share */
  readonly setup: unknown;
  readonly signal: AbortSignal;
}

/** Errors lose their class on the way out of a thread, so those that a user can mend travel as values. */
type Envelope<Answer> =
  { readonly answer: Answer } | { readonly failed: { readonly code: ErrorCode; readonly message: string } };

/** Starts the threads. */
export function openPool<Task, Answer>({
  stage,
  worker,
  threads,
  setup,
  signal,
}: PoolOptions): Pool<Task, Answer> {
  const pool = new Piscina<Task, Envelope<Answer>>({
    filename: fileURLToPath(worker),
    execArgv: typescriptLoader(),
    minThreads: threads,
    maxThreads: threads,
    workerData: setup,
  });
  return {
    async run(task) {
      const envelope = await pool.run(task, { signal }).catch((error: unknown) => {
        throw signal.aborted
          ? new PipelineError("interrupted", `${stage}: stopped; finished shards are kept`)
          : error;
      });
      if ("failed" in envelope) throw new PipelineError(envelope.failed.code, envelope.failed.message);
      return envelope.answer;
    },
    close: () => pool.destroy(),
  };
}

/** Makes a function the default export of a pool's module. */
export function answering<Task, Answer>(
  work: (task: Task) => Promise<Answer>,
): (task: Task) => Promise<Envelope<Answer>> {
  return async (task) => {
    try {
      return { answer: await work(task) };
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      return { failed: { code: error.code, message: error.message } };
    }
  };
}
