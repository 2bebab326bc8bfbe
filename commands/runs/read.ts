import { stat } from "node:fs/promises";
import type { Place } from "../../plan/plan.ts";
import { findManifest } from "../../shared/artifacts/results.ts";
import type { Manifest } from "../../shared/artifacts/types.ts";

/** A run and the results that it stands on. */
export interface NamedRun {
  readonly name: string;
  /** by stage, in the pipeline's order; those that it has */
  readonly results: ReadonlyMap<string, Manifest>;
  /** when the newest of them was made */
  readonly made: Date | null;
}

/** Every run that stands on something, by name. */
export async function readRuns(
  stages: readonly string[],
  { store, refs }: Pick<Place, "store" | "refs">,
): Promise<NamedRun[]> {
  const runs: NamedRun[] = [];
  for (const name of await refs.runs()) {
    const results = new Map<string, Manifest>();
    const times: Date[] = [];
    for (const stage of stages) {
      const key = await refs.read(name, stage);
      const manifest = key === null ? null : await findManifest(store, stage, key);
      if (manifest === null) continue;
      results.set(stage, manifest);
      times.push((await stat(store.path(`${stage}/${manifest.key}/manifest.json`))).mtime);
    }
    const made = times.reduce<Date | null>(
      (last, time) => (last === null || time > last ? time : last),
      null,
    );
    if (results.size > 0) runs.push({ name, results, made });
  }
  return runs;
}
