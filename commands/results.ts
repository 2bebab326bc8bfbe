import { runFigures } from "../plan/describe.ts";
import type { Place, PlannedStage } from "../plan/plan.ts";
import { artifactOf, findManifest } from "../shared/artifacts/results.ts";
import type { FileRecord, Json } from "../shared/artifacts/types.ts";

/** What carrying a planned stage out has come to. */
export interface StageOutcome {
  readonly stage: string;
  /** of the result, whether it is there or not */
  readonly key: string;
  /**
   * "done": it was there before; "unfinished": other parts are still to be made; "left out": as the
   * photos have no labels
   */
  readonly state: "done" | "made" | "unfinished" | "left out";
  /** that it took when it was made */
  readonly seconds: number | null;
  /** what the stage noted down of it: counts, accuracy, … */
  readonly facts: Readonly<Record<string, Json>>;
  /** its files, with the absolute path of each */
  readonly files: readonly (FileRecord & { readonly path: string })[];
}

/** What carrying a plan out has come to, stage by stage. */
export async function outcomesOf(plan: readonly PlannedStage[], place: Place): Promise<StageOutcome[]> {
  return Promise.all(plan.map((planned) => outcomeOf(planned, place)));
}

async function outcomeOf({ stage, key, state }: PlannedStage, place: Place): Promise<StageOutcome> {
  const nothing = { stage: stage.name, key, seconds: null, facts: {}, files: [] };
  if (state === "left out") return { ...nothing, state };
  const manifest = await findManifest(place.store, stage.name, key);
  if (manifest === null) return { ...nothing, state: "unfinished" };
  const artifact = artifactOf(place.store, manifest);
  const seconds = (await runFigures(place, stage.name, key))?.["seconds"];
  return {
    ...{ stage: stage.name, key, state: state === "done" ? "done" : "made" },
    seconds: typeof seconds === "number" ? seconds : null,
    facts: manifest.facts,
    files: manifest.files.map((record) => ({ ...record, path: artifact.file(record.name) })),
  };
}

/** The same for machines. */
export function outcomesInJson(outcomes: readonly StageOutcome[], { run }: Place): Json {
  return {
    run,
    stages: outcomes.map(({ files, ...outcome }) => ({
      ...outcome,
      files: files.map((each) => ({ ...each })),
    })),
  };
}
