import { fork, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { PipelineError } from "../../../shared/errors.ts";
import { ready, type Answer, type FromChild, type Question } from "./messages.ts";

export interface ChildOptions {
  /** the module that the child runs: it says `ready`, then answers questions */
  readonly module: URL;
  /** its command line */
  readonly argument: string;
  /** threads of its pool, on which sharp decodes */
  readonly threads: number;
  /** ms without any answer after which it counts as hung */
  readonly patience: number;
  readonly signal: AbortSignal;
}

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

/** Starts a child and waits until it is ready. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const process = spawned(options);
  const life = watch(process, options);
  await life.started;
  return {
    ask: (question) => process.send(question, () => undefined),
    listen: (answered) => {
      life.onAnswer = answered;
      return life.ended;
    },
    stop: life.stop,
  };
}

function spawned({ module, argument, threads }: ChildOptions): ChildProcess {
  return fork(module, [argument], {
    execArgv: [...process.execArgv, ...typescriptLoader()],
    env: { ...process.env, UV_THREADPOOL_SIZE: String(threads) },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
}

/** Node before 22.18 runs TypeScript through tsx alone, which the process that asks may have got in another way. */
function typescriptLoader(): string[] {
  const runsItself = "typescript" in process.features && process.features.typescript !== false;
  const given = `${process.execArgv.join(" ")} ${process.env["NODE_OPTIONS"] ?? ""}`;
  if (runsItself || given.includes("tsx")) return [];
  return ["--import", createRequire(import.meta.url).resolve("tsx")];
}

function watch(child: ChildProcess, { patience, signal }: ChildOptions) {
  let stopped = false;
  let hung = false;
  let errors = "";
  let timer: NodeJS.Timeout;
  const started = Promise.withResolvers<undefined>();
}
