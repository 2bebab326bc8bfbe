import { readFile } from "node:fs/promises";
import { ignoring } from "../../../shared/artifacts/store.ts";
import type { Artifact } from "../../../shared/artifacts/types.ts";

/** What a run of a stage took. */
export interface StageTime {
  readonly stage: string;
  readonly seconds: number;
  readonly peakMemoryMiB: number | null;
  /** what was worked on, and how many a second; null where the stage counts nothing */
  readonly units: number | null;
  readonly unitsPerSecond: number | null;
  /** ISO 8601 */
  readonly finished: string;
}

/**
 * What the inputs' runs took, from the run.json beside each manifest. No digest covers that file, and so not the report's key
 * either: it is written once with its result and never again, so the page that stands under a key shows the times of the very runs that
 * made what it shows. Another machine that makes the same results writes a page that differs in these lines alone.
 */
export async function readTimes(inputs: readonly Artifact[]): Promise<StageTime[]> {
  const times = await Promise.all(inputs.map(timeOf));
  return times.filter((time) => time !== null);
}

async function timeOf(input: Artifact): Promise<StageTime | null> {
  const text = await readFile(input.file("run.json"), "utf8").catch(ignoring("ENOENT", null));
  if (text === null) return null;
  const run = JSON.parse(text) as Readonly<Record<string, unknown>>;
  const numberIn = (name: string) => (typeof run[name] === "number" ? run[name] : null);
  return {
    stage: input.manifest.parts.stage,
    seconds: numberIn("seconds") ?? Number.NaN,
    peakMemoryMiB: numberIn("peakMemoryMiB"),
    units: numberIn("units"),
    unitsPerSecond: numberIn("unitsPerSecond"),
    finished: typeof run["finished"] === "string" ? run["finished"] : "",
  };
}
