import type { Config } from "../../plan/plan.ts";
import type { Manifest } from "../../shared/artifacts/types.ts";
import { trainingSettings } from "../training-settings.ts";
import { lineOf, shown } from "./line.ts";
import type { NamedRun } from "./read.ts";

/** A property with its value in each of the runs. */
export interface ComparedRow {
  readonly name: string;
  readonly values: readonly string[];
}

/**
 * What differs in the settings of runs, stage by stage (what was left out as its preset has it), and how each of them did, alike or not.
 * A setting that stages share is named once, by the first of them, unless they differ in it.
 */
export function comparedRows(runs: readonly NamedRun[]): {
  readonly config: readonly ComparedRow[];
  readonly results: readonly ComparedRow[];
} {
  const settings = runs.map(settingsOf);
  const names = [...new Set(settings.flatMap((own) => [...own.keys()]))];
  const differing = names
    .map((name) => ({ name, values: settings.map((own) => own.get(name) ?? "") }))
    .filter(({ values }) => new Set(values).size > 1);
  const config = differing.filter(
    (row, i) => !differing.slice(0, i).some((before) => saysTheSame(before, row)),
  );
  const lines = runs.map(lineOf);
  const fromLine = (["accuracy", "loss", "photos", "when"] as const).map((name) => ({
    name,
    values: lines.map((line) => line[name]),
  }));
  const results = [
    ...fromLine,
    {
      name: "best epoch",
      values: runs.map(({ results }) => shown(results.get("train")?.facts["bestEpoch"])),
    },
    ...stagesOf(runs).map((stage) => ({
      name: `${stage}'s key`,
      values: runs.map(({ results }) => results.get(stage)?.key.slice(0, 12) ?? ""),
    })),
  ];
  return { config, results };
}

/** Whether two stages have read the same field, with the same values. */
function saysTheSame(one: ComparedRow, other: ComparedRow): boolean {
  const fieldOf = ({ name }: ComparedRow) => name.split(".")[1];
  return fieldOf(one) === fieldOf(other) && one.values.join("\n") === other.values.join("\n");
}

/** By "stage.field". */
function settingsOf({ results }: NamedRun): Map<string, string> {
  const fields = [...results].flatMap(([stage, manifest]) =>
    Object.entries(configOf(stage, manifest)).map(([field, value]): [string, string] => [
      `${stage}.${field}`,
      shown(value),
    ]),
  );
  return new Map(fields);
}

function configOf(stage: string, { config }: Manifest): Config {
  return stage === "train" ? trainingSettings(config) : config;
}

function stagesOf(runs: readonly NamedRun[]): string[] {
  return [...new Set(runs.flatMap(({ results }) => [...results.keys()]))];
}
