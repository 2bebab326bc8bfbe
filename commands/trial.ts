import { readFile } from "node:fs/promises";
import path from "node:path";
import { flagText } from "../plan/configs.ts";
import type { PlannedStage } from "../plan/plan.ts";
import { startStage } from "../plan/stage-process.ts";
import { findManifest } from "../shared/artifacts/results.ts";
import { relink } from "../shared/artifacts/store.ts";
import { unexpected } from "../shared/errors.ts";
import type { Carrying } from "./carry-out.ts";

/** Files of a trial that are shown among the run's, and the one that is printed. */
const shownFiles = ["learning-rates.csv", "learning-rates.svg"];
const printedFile = "learning-rates.txt";

/**
 * Whether a training only finds something out (`--lr find`, `--fold`): it makes no model on which a
 * run could stand.
 */
export function isTrial({ stage, config }: PlannedStage): boolean {
  return stage.name === "train" && (config["lr"] === "find" || typeof config["fold"] === "string");
}

/**
 * @throws PipelineError `usage` where a plan of all stages has a trial in it: there would be
 * nothing to export
 */
export function refuseTrial(plan: readonly PlannedStage[]): void {
  const trial = plan.find(isTrial);
  if (trial === undefined) return;
  const { lr, fold = null } = trial.config;
  const [flag, value] = lr === "find" ? (["--lr", "find"] as const) : (["--fold", flagText(fold)] as const);
  throw unexpected("usage", {
    where: "pipeline",
    expected: "a training that makes a model",
    subject: flag,
    got: value,
    hint: `run npx zx pipeline.ts train ${flag} ${value} by itself, after all`,
  });
}

/**
 * Carries a trial out, unless its result is there. The run's refs stay where they are.
 *
 * @returns what it found, in words
 */
export async function carryOutTrial(
  planned: PlannedStage,
  { place, means, progress, signal }: Carrying,
): Promise<string> {
  const { stage, key } = planned;
  const { store, run } = place;
  if (planned.state === "done") progress.line(`${stage.name}: ${key.slice(0, 12)} is there, nothing to do`);
  else await startStage(planned, means).begin(signal);
  const manifest = await findManifest(store, stage.name, key);
  let text = "";
  for (const { name } of manifest?.files ?? []) {
    const file = store.path(`${stage.name}/${key}/${name}`);
    if (name === printedFile) text = await readFile(file, "utf8");
    if (!shownFiles.includes(name)) continue;
    const shown = store.path(`runs/${run}/${name}`);
    await relink(file, shown);
    progress.line(path.relative(process.cwd(), shown));
  }
  progress.line(`${stage.name}: kept as ${key.slice(0, 12)}; the run ${run} stands where it stood`);
  return text;
}
