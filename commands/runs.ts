import Table from "cli-table3";
import type { Command } from "commander";
import { addCommonFlags } from "../plan/flags.ts";
import type { Place } from "../plan/plan.ts";
import { type Flags, readRequest } from "../plan/session.ts";
import type { Json } from "../shared/artifacts/types.ts";
import { unexpected } from "../shared/errors.ts";
import { nearest } from "../shared/nearest.ts";
import { stages } from "../stages/stages.ts";
import { type Answer, askingWith, type Speaking } from "./command.ts";
import { comparedRows } from "./runs/compare.ts";
import { lineOf, type RunLine } from "./runs/line.ts";
import { type NamedRun, readRuns } from "./runs/read.ts";

/** `runs`: the named runs, side by side. */
export function addRuns(program: Command, speaking: Speaking): void {
  addCommonFlags(program.command("runs"))
    .description("list the named runs; of two or more, what differs in their settings and results")
    .argument("[names...]", "runs to compare")
    .action(async (names: string[], flags: Flags) => {
      const { place } = await readRequest(stages, flags, askingWith(speaking, true));
      const order = stages.map(({ name }) => name);
      speaking.answer(await describeRuns(names, order, place));
    });
}

const columns: readonly (readonly [string, keyof RunLine])[] = [
  ["name", "name"],
  ["when", "when"],
  ["data", "data"],
  ["photos", "photos"],
  ["backbone", "backbone"],
  ["engine", "engine"],
  ["unfreeze", "unfreeze"],
  ["lr", "lr"],
  ["epochs", "epochs"],
  ["accuracy", "accuracy"],
  ["loss", "loss"],
  ["key", "key"],
];

/**
 * The named runs: all of them, a line each; of some, what differs in their config, and their
 * results, side by side.
 *
 * @param names one: its line alone; two or more: they are compared
 * @param stages names of the stages, in order
 * @throws PipelineError `usage` for a name that no run has
 */
export async function describeRuns(
  names: readonly string[],
  stages: readonly string[],
  place: Pick<Place, "store" | "refs">,
): Promise<Answer> {
  const runs = await readRuns(stages, place);
  if (runs.length === 0)
    return { text: "no runs yet; npx zx pipeline.ts all makes one\n", json: { runs: [] } };
  const chosen = names.length === 0 ? runs : names.map((name) => runNamed(name, runs));
  const text = chosen.length > 1 && names.length > 0 ? comparison(chosen) : list(chosen);
  return { text, json: { runs: chosen.map(runInJson) } };
}

function runInJson({ name, results, made }: NamedRun): Json {
  const stages = [...results].map(
    ([stage, { key, config, facts }]) => [stage, { key, config, facts }] as const,
  );
  return { name, made: made?.toISOString() ?? null, stages: Object.fromEntries(stages) };
}

function list(runs: readonly NamedRun[]): string {
  const table = new Table({ head: columns.map(([title]) => title), style: { head: [], border: [] } });
  for (const run of runs) {
    const line = lineOf(run);
    table.push(columns.map(([, field]) => line[field]));
  }
  return `${table.toString()}\n`;
}

function comparison(runs: readonly NamedRun[]): string {
  const { config, results } = comparedRows(runs);
  const table = new Table({ head: ["", ...runs.map(({ name }) => name)], style: { head: [], border: [] } });
  for (const { name, values } of [...config, ...results]) table.push([name, ...values]);
  const same = config.length === 0 ? "their settings are the same\n" : "";
  return `${table.toString()}\n${same}`;
}

function runNamed(name: string, runs: readonly NamedRun[]): NamedRun {
  const run = runs.find((each) => each.name === name);
  if (run !== undefined) return run;
  const known = runs.map((each) => each.name);
  const near = nearest(name, known);
  throw unexpected("usage", {
    where: "runs",
    expected: "the name of a run",
    subject: name,
    got: "none of that name",
    hint: near === null ? `there are ${known.join(", ")}` : `did you mean ${near}?`,
  });
}
