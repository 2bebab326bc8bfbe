import { fork, type ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { PipelineError } from "../errors.ts";
import { processFlags } from "../typescript.ts";
import type { Answered, Asked } from "./messages.ts";

export interface ChildOptions {
  /** who has it do something, for messages: "index" */
  readonly where: string;
  /** the module that the child runs: it calls `answerQuestions` */
  readonly module: URL;
  /** its command line */
  readonly argument: string;
  /** threads of its pool, on which sharp decodes */
  readonly threads: number;
  /** ms without any answer after which it counts as hung, once it is asked something */
  readonly patience: number;
  readonly signal: AbortSignal;
}

/** ms that a child may take to start, on however busy a machine. */
const startPatience = 120_000;

/** A child process that answers questions. While it has none, it keeps nobody's process from ending. */
export interface Child<Question, Answer> {
  ask(asked: Asked<Question>): void;
  /**
   * Hears answers until the child has ended.
   *
   * @returns what ended it
   * @throws PipelineError `interrupted` where the signal did
   */
  listen(answered: (answered: Answered<Answer>) => void): Promise<string>;
}

/**
 * Starts a child and waits until it is ready.
 *
 * @throws PipelineError `interrupted` where the signal ended it
 * @throws Error where it ended by itself before it was ready
 */
export async function startChild<Question, Answer>(options: ChildOptions): Promise<Child<Question, Answer>> {
  const { where, patience, signal } = options;
  if (signal.aborted) throw interrupted(where);
  const child = spawned(options);
  const watched = watch(child, options);
  watched.expectWithin(startPatience);
  const ready = new Promise<null>((resolve) =>
    child.once("message", () => {
      resolve(null);
    }),
  );
  const end = await Promise.race([ready, watched.ended]);
  if (end !== null) throw new Error(`${where}: the process that opens photos did not start: ${end}`);
  watched.expectNothing();
  let unanswered = 0;
  return {
    ask(asked) {
      if (unanswered++ === 0) watched.expectWithin(patience);
      child.send(asked, () => undefined); // that it has ended is heard of by `listen`
    },
    listen(answered) {
      child.on("message", (message) => {
        if (--unanswered === 0) watched.expectNothing();
        else watched.expectWithin(patience);
        answered(message as Answered<Answer>);
      });
      return watched.ended;
    },
  };
}

function spawned({ module, argument, threads }: ChildOptions): ChildProcess {
  return fork(module, [argument], {
    execArgv: processFlags(),
    env: { ...process.env, UV_THREADPOOL_SIZE: String(threads) },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // Bytes stay bytes.
    serialization: "advanced",
  });
}

/** Follows a child to its end: its own, that of the patience with it, or the signal's. */
function watch(child: ChildProcess, { where, signal }: ChildOptions) {
  let hung = false;
  let lastWords = "";
  const kill = () => {
    hold(child, true); // somebody may wait for its end
    child.kill("SIGKILL");
  };
  let timer: NodeJS.Timeout | undefined;
  child.stderr?.on("data", (chunk: Buffer) => (lastWords = (lastWords + chunk.toString()).slice(-2000)));
  signal.addEventListener("abort", kill);

  const ended = new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status, killedBy) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", kill);
      if (signal.aborted) reject(interrupted(where));
      else if (hung) resolve("no answer in time");
      else
        resolve([killedBy ?? `exit status ${status ?? 0}`, lastLine(lastWords)].filter(Boolean).join(", "));
    });
  });
  ended.catch(() => undefined); // heard by whoever awaits it; there may be nobody yet
  return {
    ended,
    /** Something is to be heard of it within so many ms. */
    expectWithin(milliseconds: number) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        hung = true;
        kill();
      }, milliseconds);
      hold(child, true);
    },
    expectNothing() {
      clearTimeout(timer);
      hold(child, false);
    },
  };
}

/** Whether the child, and the pipes to it, keep this process alive. */
function hold(child: ChildProcess, held: boolean): void {
  const pipe = child.stderr as Socket | null; // what a child's pipe is (child_process.spawn's documentation)
  for (const each of [child, child.channel, pipe])
    if (held) each?.ref();
    else each?.unref();
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

function interrupted(where: string): PipelineError {
  return new PipelineError("interrupted", `${where}: interrupted`);
}
