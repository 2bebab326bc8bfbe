import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { $ } from "zx";
import { acceleratorEnvironment } from "../shared/engine/environment.ts";
import { PipelineError, unexpected } from "../shared/errors.ts";
import type { Part } from "../shared/part.ts";
import { processFlags } from "../shared/typescript.ts";
import type { Voice } from "../shared/voice.ts";
import type { Failure, Order } from "../stages/order.ts";
import type { PlannedStage } from "./plan.ts";

/** Where and with how much of the machine a plan is carried out. */
export interface Means {
  readonly root: string;
  readonly workers: number;
  readonly part: Part | null;
  readonly voice: Voice;
  /**
   * is told what the stages' processes say, line by line; left out, that goes to this process's
   * standard error
   */
  readonly heard?: (line: string) => void;
}

/**
 * A stage's process, started and waiting to be told to begin: it loads its code while the stage
 * before it works.
 */
export interface StageProcess {
  /**
   * Lets the stage work, to its end.
   *
   * @throws the stage's own error; PipelineError `interrupted`, or `engine` where it was killed
   */
  begin(signal: AbortSignal): Promise<void>;
  /** Ends it before it has begun. */
  cancel(): void;
}

const entry = fileURLToPath(new URL("../stages/main.ts", import.meta.url));

/** Starts the process of a planned stage. Its standard output is where it leaves its error. */
export function startStage(planned: PlannedStage, means: Means): StageProcess {
  const { key, parts, config, outputs, results, stage } = planned;
  const { heard, ...where } = means;
  const order: Order = { key, parts, config, outputs, results, ...where };
  const running = $({
    stdio: ["pipe", "pipe", heard === undefined ? "inherit" : "pipe"],
    env: { ...process.env, ...processSettings(means.workers), ...acceleratorEnvironment() },
    nothrow: true,
    quiet: true,
    detached: false,
  })`${process.execPath} ${processFlags()} ${entry} ${JSON.stringify(order)}`;
  if (heard !== undefined) createInterface(running.stderr).on("line", heard);
  return {
    async begin(signal) {
      const interrupt = () => running.child?.kill("SIGINT");
      signal.addEventListener("abort", interrupt);
      if (signal.aborted) interrupt();
      else running.stdin.write("begin\n");
      const { exitCode, signal: killedBy, stdout } = await running;
      signal.removeEventListener("abort", interrupt);
      if (exitCode === 0) return;
      if (signal.aborted) throw new PipelineError("interrupted", "pipeline: stopped; finished work is kept");
      throw killedBy === null ? errorIn(stdout, stage.name, exitCode) : killed(stage.name, killedBy);
    },
    cancel() {
      running.stdin.end();
    },
  };
}

/** The error that a stage's process has left. */
function errorIn(output: string, stage: string, status: number | null): Error {
  const failure = output
    .split("\n")
    .map(failureIn)
    .findLast((each) => each !== null);
  if (failure === undefined)
    return new Error(`${stage} ended with status ${String(status)} and said nothing:\n${output}`);
  if (failure.code !== "defect") return new PipelineError(failure.code, failure.message);
  const defect = new Error(`${failure.stack.split("\n")[0] ?? ""} (in the process of ${stage})`);
  defect.stack = failure.stack;
  return defect;
}

function failureIn(line: string): Failure | null {
  try {
    const said = JSON.parse(line) as Failure | null;
    return typeof said === "object" && said !== null && "code" in said ? said : null;
  } catch {
    return null;
  }
}

/** What a process reads before any script of its own runs. */
function processSettings(workers: number): Record<string, string> {
  return {
    // Every worker thread shares libuv's pool, in which photos are read and decoded.
    UV_THREADPOOL_SIZE: String(Math.max(4, workers + 2)),
    // glibc gives a freed photo's pages back and faults them in again for the next: 7.6 ms of CPU a
    // photo became 6.9.
    MALLOC_TRIM_THRESHOLD_: String(256 << 20),
    MALLOC_MMAP_THRESHOLD_: String(32 << 20),
  };
}

function killed(stage: string, by: string): Error {
  return unexpected("engine", {
    where: stage,
    expected: "its process to finish",
    subject: stage,
    got: `its end by ${by}`,
    hint: "finished work is kept: the same command goes on from there",
  });
}
