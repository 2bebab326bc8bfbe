import { unexpected } from "../shared/errors.ts";
import type { Json } from "../shared/artifacts/types.ts";
import type { Stage } from "../shared/stage.ts";
import type { Option } from "./options.ts";
import type { Config } from "./plan.ts";
import type { Settings } from "./settings.ts";

/**
 * The config of a stage: what the user gave, else what `fallback` has (an earlier result's config),
 * else the default. An engine is never taken over from an earlier result: that may have been made
 * on another machine.
 */
export function configOf(
  stage: Stage,
  options: readonly Option[],
  settings: Settings,
  fallback: Config | null,
): Config {
  const config: Record<string, Json> = {};
  for (const option of options.filter(({ stages }) => stages.includes(stage.name))) {
    const inherited = option.ofEachStage ? undefined : fallback?.[option.field];
    const value = settings.get(option.field)?.value ?? inherited ?? option.fallback;
    if (value !== null) config[option.field] = value;
  }
  return config;
}

/** A stage on whose result another is to run, with the config that it had. */
export interface EarlierStage {
  readonly stage: Stage;
  readonly config: Config;
}

/** Whether what a stage made with its config serves one who wants another value of a field. */
export function serves({ servedBy }: Stage, config: Config, field: string, value: Json): boolean {
  return field in config && servedBy?.(config, { ...config, [field]: value }) != null;
}

/**
 * One stage alone runs on what is there. What the user gave for an earlier stage must be what that
 * stage ran with.
 *
 * @throws PipelineError `usage` that names the flag, both values and the command to run first
 */
export function refuseEarlierFlags(
  target: Stage,
  earlier: readonly EarlierStage[],
  options: readonly Option[],
  settings: Settings,
): void {
  for (const option of options) {
    const owner = earlier.find(({ stage }) => stage.name === option.stages[0]);
    const given = settings.get(option.field);
    if (owner === undefined || given === undefined || option.ofEachStage) continue;
    const there = owner.config[option.field] ?? null;
    if (JSON.stringify(there) === JSON.stringify(given.value)) continue;
    if (target.config.shape[option.field] && serves(owner.stage, owner.config, option.field, given.value))
      continue;
    throw unexpected("usage", {
      where: target.name,
      expected: `what ${owner.stage.name} ran with (${JSON.stringify(there)})`,
      subject: given.origin,
      got: JSON.stringify(given.value),
      hint: `it belongs to ${owner.stage.name}: run npx zx pipeline.ts ${owner.stage.name} --${option.flag} ${flagText(given.value)}, or all with the same flag`,
    });
  }
}

/** A flag of a stage that comes later would do nothing, silently. */
export function refuseLaterFlags(
  target: Stage,
  ran: readonly string[],
  options: readonly Option[],
  settings: Settings,
): void {
  for (const option of options) {
    const given = settings.get(option.field);
    if (given?.origin.startsWith("--") !== true || option.stages.some((stage) => ran.includes(stage)))
      continue;
    throw unexpected("usage", {
      where: target.name,
      expected: "a flag that this stage or one before it reads",
      subject: given.origin,
      got: `one of ${option.stages.join(" and ")}`,
      hint: `run npx zx pipeline.ts ${option.stages[0] ?? "all"} with it, or all`,
    });
  }
}

/** A value as it is typed behind a flag. */
export function flagText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
