import { runFigures } from "../plan/describe.ts";
import type { Place, PlannedStage } from "../plan/plan.ts";
import { artifactOf, findManifest } from "../shared/artifacts/results.ts";
import type { Json } from "../shared/artifacts/types.ts";

/**
 * What carrying a plan out has come to, for machines: a result a stage, with its facts and where its files lie (absolute paths).
 * `state` is "done" where it was there before, "made", or "unfinished" where other parts are still to be made.
 */
export async function resultsInJson(plan: readonly PlannedStage[], place: Place): Promise<Json> {
  return { run: place.run, stages: await Promise.all(plan.map((planned) => resultOf(planned, place))) };
}

async function resultOf({ stage, key, state }: PlannedStage, place: Place): Promise<Json> {
  const manifest = await findManifest(place.store, stage.name, key);
  if (manifest === null) return { stage: stage.name, key, state: "unfinished" };
  const artifact = artifactOf(place.store, manifest);
  return {
    ...{ stage: stage.name, key, state: state === "done" ? "done" : "made" },
    seconds: (await runFigures(place, stage.name, key))?.["seconds"] ?? null,
    facts: manifest.facts,
    files: manifest.files.map(({ name, bytes, sha256 }) => ({ name, path: artifact.file(name), bytes, sha256 })),
  };
}
