import { findManifest, finishedKeys } from "../shared/artifacts/results.ts";
import type { Manifest } from "../shared/artifacts/types.ts";
import { unexpected } from "../shared/errors.ts";
import { nearest } from "../shared/nearest.ts";
import type { Stage } from "../shared/stage.ts";
import { configOf, type EarlierStage, refuseEarlierFlags, refuseLaterFlags, serves } from "./configs.ts";
import { unmetNeed } from "./needs.ts";
import type { Option } from "./options.ts";
import {
  currentManifest,
  type PlannedStage,
  type Place,
  planServed,
  planStage,
  stageOf,
  type Upstream,
} from "./plan.ts";
import { refuseMixedInputs, refuseOtherBackbone } from "./mixed-inputs.ts";
import type { Settings } from "./settings.ts";

/** What is asked for: the stages there are, their options, and what the user gave. */
export interface Request {
  readonly stages: readonly Stage[];
  readonly options: readonly Option[];
  readonly settings: Settings;
}

/** Plans every stage with the config that is asked for: what `all` does, and `--dry-run` prints. */
export async function planAll({ stages, options, settings }: Request, place: Place): Promise<PlannedStage[]> {
  return planInOrder(stages, place, (stage) => Promise.resolve(configOf(stage, options, settings, null)));
}

/**
 * Plans every stage with the config of what is there, but for what the user gives: what `status`
 * shows.
 */
export async function planAsIs(
  { stages, options, settings }: Request,
  place: Place,
): Promise<PlannedStage[]> {
  return planInOrder(stages, place, async (stage) => {
    const current = await currentManifest(place, stage.name);
    return configOf(stage, options, settings, current?.config ?? null);
  });
}

async function planInOrder(
  stages: readonly Stage[],
  place: Place,
  configFor: (stage: Stage) => Promise<PlannedStage["config"]>,
): Promise<PlannedStage[]> {
  const plan: PlannedStage[] = [];
  const upstream: Record<string, PlannedStage> = {};
  for (const stage of stages) {
    const planned = await planServed(stage, await configFor(stage), upstream, place);
    plan.push(planned);
    if (planned.state !== "left out") upstream[stage.name] = planned;
  }
  return plan;
}

/**
 * Plans one stage on the results on which the run stands.
 *
 * @param from keys (or their beginnings) of results to read instead of those of the run
 * @throws PipelineError `artifact` where an input is not there, or two inputs do not belong together; `data` where the photos lack
 *   what the stage, or one named by `from`, needs
 */
export async function planAlone(
  target: Stage,
  request: Request,
  place: Place,
  from: readonly string[],
): Promise<PlannedStage> {
  const { stages, options, settings } = request;
  const earlierStages = stages.slice(0, stages.indexOf(target));
  const chosen = await chosenResults(from, earlierStages, place);
  const found: Record<string, Manifest> = {};
  for (const stage of earlierStages) {
    const manifest = chosen[stage.name] ?? (await currentManifest(place, stage.name));
    if (manifest !== null) found[stage.name] = manifest;
  }
  for (const stage of [target, ...earlierStages.filter(({ name }) => name in chosen)])
    expectNeedMet(target, stage, found, place);
  // A run may still stand on what was made when its photos had what a stage needs.
  const before = earlierStages.filter((stage) => unmetNeed(stage, found) === null);
  const manifests = Object.fromEntries(
    Object.entries(found).filter(([name]) => before.some((stage) => stage.name === name)),
  );
  for (const input of readBy(target, before))
    if (manifests[input] === undefined) throw await notThere(target, input, place);
  if (from.length === 0)
    for (const input of readBy(target, before)) refuseMixedInputs(target, input, manifests);
  const earlier = before.flatMap((stage) => {
    const config = manifests[stage.name]?.config;
    return config === undefined ? [] : [{ stage, config }];
  });
  refuseEarlierFlags(target, earlier, options, settings);
  refuseLaterFlags(target, [target.name, ...before.map(({ name }) => name)], options, settings);
  const upstream: Record<string, Upstream> = manifests;
  const planned = await planStage(
    target,
    configOf(target, options, settings, {
      ...inheritedConfig(target, manifests),
      ...keptConfig(target, earlier, await currentManifest(place, target.name)),
    }),
    upstream,
    place,
  );
  for (const input of readBy(target, before)) refuseOtherBackbone(planned, input, manifests[input]);
  return planned;
}

/** Fields that an earlier stage owns count as it ran with them (the data folder, the backbone). */
function inheritedConfig(
  target: Stage,
  manifests: Readonly<Record<string, Manifest>>,
): PlannedStage["config"] {
  const fields = Object.keys(target.config.shape);
  const inherited = Object.values(manifests)
    .reverse()
    .flatMap(({ config }) => Object.entries(config));
  return Object.fromEntries(inherited.filter(([field]) => fields.includes(field)));
}

/**
 * Fields in which the stage's last run wanted something else than an earlier stage ran with, which
 * serves it.
 */
function keptConfig(
  target: Stage,
  earlier: readonly EarlierStage[],
  last: Manifest | null,
): PlannedStage["config"] {
  const kept = Object.entries(last?.config ?? {}).filter(([field, value]) =>
    earlier.some(({ stage, config }) => field in target.config.shape && serves(stage, config, field, value)),
  );
  return Object.fromEntries(kept);
}

/**
 * Names of the stages that a stage reads.
 *
 * @param before the stages before it that are not left out
 */
function readBy({ inputs, optionalInputs = [] }: Stage, before: readonly Stage[]): string[] {
  const required = inputs.filter((input) => input !== "backbone").map(stageOf);
  const optional = optionalInputs.map(stageOf).filter((name) => before.some((stage) => stage.name === name));
  return [...new Set([...required, ...optional])];
}

/**
 * @throws PipelineError `data` where the photos of `manifests` lack what `stage` needs, which is
 * the target or is named by `--from`
 */
function expectNeedMet(
  target: Stage,
  stage: Stage,
  manifests: Readonly<Record<string, Manifest>>,
  { run }: Place,
): void {
  const unmet = unmetNeed(stage, manifests);
  if (unmet === null) return;
  throw unexpected("data", {
    where: target.name,
    expected: stage === target ? "labelled photos" : `labelled photos beside a result of ${stage.name}`,
    subject: `run ${run}`,
    got: unmet.found,
    hint: unmet.remedy,
  });
}

async function chosenResults(
  from: readonly string[],
  stages: readonly Stage[],
  place: Place,
): Promise<Record<string, Manifest>> {
  const chosen: Record<string, Manifest> = {};
  for (const prefix of from) {
    const found: Manifest[] = [];
    for (const { name } of stages)
      for (const key of await finishedKeys(place.store, name)) {
        if (!key.startsWith(prefix)) continue;
        const manifest = await findManifest(place.store, name, key);
        if (manifest !== null) found.push(manifest);
      }
    const [only] = found;
    if (only === undefined || found.length > 1)
      throw unexpected("usage", {
        where: "pipeline",
        expected: "the beginning of one finished result's key",
        subject: `--from ${prefix}`,
        got: found.length === 0 ? "none that begins so" : `${String(found.length)} that begin so`,
        hint: "npx zx pipeline.ts status prints the keys",
      });
    chosen[only.parts.stage] = only;
  }
  return chosen;
}

async function notThere(target: Stage, input: string, { run, refs }: Place): Promise<Error> {
  const others = await refs.runs();
  const flag = run === "default" ? "" : ` --run ${run}`;
  const near = nearest(run, others);
  const known =
    others.length === 0 || others.includes(run)
      ? ""
      : `; there ${others.length === 1 ? "is the run" : "are the runs"} ${others.join(", ")}${near === null ? "" : `: did you mean --run ${near}?`}`;
  return unexpected("artifact", {
    where: target.name,
    expected: `a finished ${input}`,
    subject: `run ${run}`,
    got: "none",
    hint: `run npx zx pipeline.ts ${input}${flag} first, or all${flag}${known}`,
  });
}
