import path from "node:path";
import { flagOf } from "../../../shared/options.ts";
import type { Json, Manifest } from "../../../shared/artifacts/types.ts";

/** A setting that was not left at its default. */
export interface Setting {
  readonly field: string;
  readonly value: Json;
  /** the stages that ran with it */
  readonly stages: readonly string[];
}

/**
 * The settings of a run that are not their defaults, in the order of the stages; one that stages had different values of is there
 * once for each. What changes no byte and was left out is not there.
 *
 * @param defaults by field; null where there is none
 */
export function settingsBeside(
  defaults: Readonly<Record<string, Json>>,
  manifests: readonly Manifest[],
): Setting[] {
  const settings: { field: string; value: Json; stages: string[] }[] = [];
  for (const { parts, config } of manifests)
    for (const [field, value] of Object.entries(config)) {
      if (value === null || sameJson(value, defaults[field] ?? null)) continue;
      const known = settings.find((each) => each.field === field && sameJson(each.value, value));
      if (known === undefined) settings.push({ field, value, stages: [parts.stage] });
      else known.stages.push(parts.stage);
    }
  return settings;
}

/** Fields of which each stage may have its own value: one flag cannot say that, and `auto` picks the same again. */
const ofEachStage: ReadonlySet<string> = new Set(["engine", "device"]);

/**
 * The command line that gives the same results again.
 *
 * @param folder where it is given: paths within it are said from there
 */
export function repeatingCommand(settings: readonly Setting[], folder: string): string {
  const valuesOf = (field: string) => settings.filter((each) => each.field === field).length;
  const words = settings
    .filter(({ field }) => !ofEachStage.has(field) || valuesOf(field) === 1)
    .flatMap(({ field, value }) => [`--${flagOf(field)}`, quoted(wordOf(field, value, folder))]);
  return ["npx zx pipeline.ts all", ...words].join(" ");
}

const paths: ReadonlySet<string> = new Set(["data", "weights", "backbone"]);

function wordOf(field: string, value: Json, folder: string): string {
  if (typeof value !== "string") return JSON.stringify(value);
  if (!paths.has(field) || !path.isAbsolute(value)) return value;
  const near = path.relative(folder, value);
  return near.startsWith("..") ? value : near || ".";
}

/** A word as a POSIX shell reads it. */
function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function sameJson(a: Json, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
