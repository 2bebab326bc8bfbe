import { readFile } from "node:fs/promises";
import Table from "cli-table3";
import type { Json } from "../shared/artifacts/types.ts";
import { costOf, type Cost } from "./cost.ts";
import { isToDo, type Place, type PlannedStage } from "./plan.ts";

/** A planned stage, and what it would take. */
export interface CostedStage {
  readonly planned: PlannedStage;
  readonly cost: Cost;
}

/** A plan with what each of its stages would take, were it run. */
export async function costed(plan: readonly PlannedStage[], place: Place): Promise<CostedStage[]> {
  return Promise.all(
    plan.map(async (planned) => ({
      planned,
      cost: await costOf(planned, plan, (stage, key) => runFigures(place, stage, key)),
    })),
  );
}

/** What the stages of a plan that are not there yet would take together. */
export function costInAll(plan: readonly CostedStage[]): Cost {
  const todo = plan.filter(({ planned }) => isToDo(planned));
  return {
    minutes: todo.reduce((sum, { cost }) => sum + cost.minutes, 0),
    gigabytes: todo.reduce((sum, { cost }) => sum + cost.gigabytes, 0),
  };
}

/** A plan as a table: what would run, why, and what it would take. */
export function describePlan(plan: readonly CostedStage[]): string {
  const table = new Table({
    head: ["stage", "would", "minutes", "GB", "why"],
    style: { head: [], border: [] },
  });
  for (const { planned, cost } of plan) table.push([planned.stage.name, ...cells(planned, cost)]);
  const { minutes } = costInAll(plan);
  return `${table.toString()}\nabout ${minutes.toFixed(1)} minutes in all; nothing was run\n`;
}

/** The same for machines. */
export function planInJson(plan: readonly CostedStage[]): Json {
  return {
    stages: plan.map(({ planned, cost }) => ({
      ...{ stage: planned.stage.name, key: planned.key, state: planned.state, reasons: planned.reasons },
      ...(isToDo(planned) ? cost : { minutes: 0, gigabytes: 0 }),
      engine: planned.engine === null ? null : { ...planned.engine },
    })),
    ...costInAll(plan),
  };
}

function cells({ state, reasons }: PlannedStage, { minutes, gigabytes }: Cost): string[] {
  if (state === "done") return ["be skipped", "", "", "unchanged"];
  if (state === "left out") return ["be left out", "", "", reasons.join("\n")];
  return [
    "run",
    minutes.toFixed(1),
    gigabytes.toFixed(2),
    state === "missing" ? "not there yet" : reasons.join("\n"),
  ];
}

/** Times and rates of a finished result (run.json); null where it has none. */
export async function runFigures(
  { store }: Pick<Place, "store">,
  stage: string,
  key: string,
): Promise<Readonly<Record<string, Json>> | null> {
  try {
    return JSON.parse(await readFile(store.path(`${stage}/${key}/run.json`), "utf8")) as Record<string, Json>;
  } catch {
    return null;
  }
}
