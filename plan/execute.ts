import { relink } from "../shared/artifacts/store.ts";
import { findManifest } from "../shared/artifacts/results.ts";
import type { Manifest } from "../shared/artifacts/types.ts";
import type { Place, PlannedStage } from "./plan.ts";
import type { StageProcess } from "./stage-process.ts";

/**
 * Lets a planned stage's process work, unless its result is there, and moves the run's ref to it.
 * Optional inputs that it was made without leave the run with it.
 *
 * @returns false where other parts of the stage are still to be made
 */
export async function execute(
  { stage, key, without }: PlannedStage,
  process: StageProcess | null,
  place: Place,
  signal: AbortSignal,
): Promise<boolean> {
  await process?.begin(signal);
  const manifest = await findManifest(place.store, stage.name, key);
  if (manifest === null) return false;
  await moveRef(place, stage.name, key);
  for (const name of without) {
    await moveRef(place, name, null);
    await showFiles(place, name, null);
  }
  await showFiles(place, stage.name, manifest);
  return true;
}

async function moveRef(place: Place, stage: string, key: string | null): Promise<void> {
  for (;;) {
    const before = await place.refs.read(place.run, stage);
    if (before === key || (await place.refs.compareAndSwap(place.run, stage, before, key))) return;
  }
}

/**
 * Files that people look for at a fixed place: the run's own, and those of the run that was made
 * last.
 */
const shownFiles: Readonly<Record<string, readonly string[]>> = {
  train: ["model.onnx", "metrics.jsonl"],
  export: ["features.arrow", "features.npy", "probabilities.npy", "labels.npy", "ids.json"],
  report: ["report.html", "label-errors.csv"],
};

/**
 * Shows the files of a result; those that it has not are taken away, so that nothing of another
 * result stands beside it.
 */
async function showFiles({ store, run }: Place, stage: string, manifest: Manifest | null): Promise<void> {
  for (const name of shownFiles[stage] ?? []) {
    const isThere = manifest?.files.some((file) => file.name === name) ?? false;
    for (const shown of [`runs/${run}/${name}`, name])
      if (manifest !== null && isThere)
        await relink(store.path(`${stage}/${manifest.key}/${name}`), store.path(shown));
      else await store.remove(shown);
  }
}
