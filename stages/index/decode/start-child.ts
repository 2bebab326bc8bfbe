import { fork, type ChildProcess } from "node:child_process";
import { PipelineError } from "../../../shared/errors.ts";
import { processFlags } from "../../../shared/typescript.ts";
import type { Answer, Question } from "./messages.ts";

export interface ChildOptions {
  /** the module that the child runs: it says `ready`, then answers questions */
  readonly module: URL;
  /** its command line */
  readonly argument: string;
  /** threads of its pool, on which sharp decodes */
  readonly threads: number;
  /** ms without any answer after which it counts as hung, once it is ready */
  readonly patience: number;
  readonly signal: AbortSignal;
}

/** ms that a child may take to start, on however busy a machine. */
const startPatience = 120_000;

/** A child process that answers questions. */
export interface Child {
  ask(question: Question): void;
  /**
   * Hears answers until the child has ended.
   *
   * @returns null where `stop` ended it, else what did
   * @throws PipelineError `interrupted` where the signal did
   */
  listen(answered: (answer: Answer) => void): Promise<string | null>;
  stop(): void;
}

/**
 * Starts a child and waits until it is ready.
 *
 * @throws PipelineError `interrupted` where the signal ended it
 * @throws Error where it ended by itself before it was ready
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  if (options.signal.aborted) throw interrupted();
  const child = spawned(options);
  const watched = watch(child, options);
  const ready = new Promise<null>((resolve) =>
    child.once("message", () => {
      resolve(null);
    }),
  );
  const end = await Promise.race([ready, watched.ended.then((end) => end ?? "stopped")]);
  if (end !== null) throw new Error(`index: the process that opens photos did not start: ${end}`);
  return {
    ask: (question) => child.send(question, () => undefined), // that it has ended is heard of by `listen`
    listen(answered) {
      child.on("message", answered);
      return watched.ended;
    },
    stop: watched.stop,
  };
}

function spawned({ module, argument, threads }: ChildOptions): ChildProcess {
  return fork(module, [argument], {
    execArgv: processFlags(),
    env: { ...process.env, UV_THREADPOOL_SIZE: String(threads) },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
}

/** Follows a child to its end: its own, the patience's, the signal's or a wanted one. */
function watch(child: ChildProcess, { patience, signal }: ChildOptions) {
  let stopped = false;
  let hung = false;
  let lastWords = "";
  const kill = () => child.kill("SIGKILL");
  const giveUp = () => {
    hung = true;
    kill();
  };
  let timer = setTimeout(giveUp, startPatience);
  child.on("message", () => {
    clearTimeout(timer);
    timer = setTimeout(giveUp, patience);
  });
  child.stderr?.on("data", (chunk: Buffer) => (lastWords = (lastWords + chunk.toString()).slice(-2000)));
  signal.addEventListener("abort", kill);

  const ended = new Promise<string | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status, killedBy) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", kill);
      if (signal.aborted) reject(interrupted());
      else if (stopped) resolve(null);
      else if (hung) resolve("no answer in time");
      else
        resolve([killedBy ?? `exit status ${status ?? 0}`, lastLine(lastWords)].filter(Boolean).join(", "));
    });
  });
  ended.catch(() => undefined); // heard by whoever awaits it; there may be nobody yet
  const stop = () => {
    stopped = true;
    kill();
  };
  return { ended, stop };
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

function interrupted(): PipelineError {
  return new PipelineError("interrupted", "index: interrupted");
}
