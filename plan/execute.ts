import { relink } from "../shared/artifacts/store.ts";
import { findManifest } from "../shared/artifacts/results.ts";
import type { Place, PlannedStage } from "./plan.ts";
import type { StageProcess } from "./stage-process.ts";

/**
 * Lets a planned stage's process work, unless its result is there, and moves the run's ref to it.
 *
 * @returns false where other parts of the stage are still to be made
 */
export async function execute(
  { stage, key }: PlannedStage,
  process: StageProcess | null,
  place: Place,
  signal: AbortSignal,
): Promise<boolean> {
  await process?.begin(signal);
  if ((await findManifest(place.store, stage.name, key)) === null) return false;
  await moveRef(place, stage.name, key);
  await showFiles(place, stage.name, key);
  return true;
}

async function moveRef(place: Place, stage: string, key: string): Promise<void> {
  for (;;) {
    const before = await place.refs.read(place.run, stage);
    if (before === key || (await place.refs.compareAndSwap(place.run, stage, before, key))) return;
  }
}

/** Files that people look for at a fixed place: the run's own, and those of the run that was made last. */
const shownFiles: Readonly<Record<string, readonly string[]>> = {
  train: ["model.onnx", "metrics.jsonl"],
  export: ["features.arrow", "features.npy", "probabilities.npy", "labels.npy", "ids.json"],
  report: ["report.html", "label-errors.csv"],
};

async function showFiles({ store, run }: Place, stage: string, key: string): Promise<void> {
  for (const name of shownFiles[stage] ?? []) {
    const file = store.path(`${stage}/${key}/${name}`);
    await relink(file, store.path(`runs/${run}/${name}`));
    await relink(file, store.path(name));
  }
}
