import { fileURLToPath } from "node:url";
import { $ } from "zx";
import { acceleratorEnvironment } from "../shared/engine/environment.ts";
import { PipelineError, unexpected } from "../shared/errors.ts";
import type { Part } from "../shared/part.ts";
import type { Order } from "../stages/order.ts";
import type { PlannedStage } from "./plan.ts";

/** Where and with how much of the machine a plan is carried out. */
export interface Means {
  readonly root: string;
  readonly workers: number;
  readonly part: Part | null;
}

/** A stage's process, started and waiting to be told to begin: it loads its code while the stage before it works. */
export interface StageProcess {
  /**
   * Lets the stage work, to its end.
   *
   * @throws StageFailed where it ended with an error that it has printed or, a quiet one, that is in `said`; PipelineError `interrupted`, or `engine` where it was killed
   */
  begin(signal: AbortSignal): Promise<void>;
  /** Ends it before it has begun. */
  cancel(): void;
}

/** A stage's process has ended with an error, which it has printed itself. */
export class StageFailed extends Error {
  readonly exitStatus: number;
  /** what a quiet one printed, its error last; else empty */
  readonly said: string;

  constructor(exitStatus: number, said: string) {
    super("a stage failed");
    this.exitStatus = exitStatus;
    this.said = said;
  }
}

const entry = fileURLToPath(new URL("../stages/main.ts", import.meta.url));

/**
 * Starts the process of a planned stage.
 *
 * @param output what becomes of what it says while it works
 */
export function startStage(
  planned: PlannedStage,
  means: Means,
  output: "shown" | "quiet" = "shown",
): StageProcess {
  const { key, parts, config, outputs, results, stage } = planned;
  const order: Order = { key, parts, config, outputs, results, ...means };
  const running = $({
    stdio: ["pipe", "inherit", output === "quiet" ? "pipe" : "inherit"],
    env: { ...process.env, ...processSettings(means.workers), ...acceleratorEnvironment() },
    nothrow: true,
    quiet: true,
    detached: false,
  })`${process.execPath} ${process.execArgv} ${entry} ${JSON.stringify(order)}`;
  return {
    async begin(signal) {
      const interrupt = () => running.child?.kill("SIGINT");
      signal.addEventListener("abort", interrupt);
      running.stdin.write("begin\n");
      const { exitCode, signal: killedBy, stderr } = await running;
      signal.removeEventListener("abort", interrupt);
      if (exitCode === 0) return;
      if (signal.aborted) throw new PipelineError("interrupted", "");
      throw killedBy === null ? new StageFailed(exitCode ?? 1, stderr) : killed(stage.name, killedBy);
    },
    cancel() {
      running.stdin.end();
    },
  };
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

function killed(stage: string, by: string): Error {
  return unexpected("engine", {
    where: stage,
    expected: "its process to finish",
    subject: stage,
    got: `its end by ${by}`,
    mend: "finished work is kept: the same command goes on from there",
  });
}
