import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");

/** What a stage notes down of its run in run.json. */
export interface StageFigures {
  readonly warped?: number;
  readonly seconds: number;
  readonly peakMemoryMiB: number;
}

/** A folder for a benchmark's artifacts, outside of the repository. */
export function benchFolder(name: string): string {
  return mkdtempSync(path.join(tmpdir(), `image-finetune-${name}-`));
}

/** Runs `pipeline.ts` as a user does, its output shown; answers the seconds from start to end. */
export async function timedPipeline(...args: string[]): Promise<number> {
  return timed(process.execPath, ["--import", "tsx", path.join(root, "pipeline.ts"), ...args]);
}

/** Runs a program, its output shown; answers the seconds from start to end. */
export async function timed(command: string, args: readonly string[]): Promise<number> {
  console.log(`+ ${[command, ...args].map((word) => path.basename(word)).join(" ")}`);
  const started = performance.now();
  const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"], cwd: root });
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  if (status !== 0) throw new Error(`${command} ended with status ${String(status)}`);
  return (performance.now() - started) / 1000;
}

/** The figures of the stage's result on which the run stands. */
export function figuresOf(artifacts: string, stage: string, run = "default"): StageFigures {
  return readJson(path.join(resultOf(artifacts, stage, run), "run.json")) as StageFigures;
}

/** The facts in the manifest of the stage's result on which the run stands. */
export function factsOf(
  artifacts: string,
  stage: string,
  run = "default",
): Readonly<Record<string, unknown>> {
  const manifest = readJson(path.join(resultOf(artifacts, stage, run), "manifest.json")) as {
    facts: Record<string, unknown>;
  };
  return manifest.facts;
}

function resultOf(artifacts: string, stage: string, run: string): string {
  const refs = path.join(artifacts, "runs", run, "refs", stage);
  const [newest = ""] = readdirSync(refs).sort((a, b) => Number(b) - Number(a));
  return path.join(artifacts, stage, readFileSync(path.join(refs, newest), "utf8"));
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
