import { readFile } from "node:fs/promises";
import Table from "cli-table3";
import type { Place, PlannedStage } from "./plan.ts";
import { costOf, type Cost } from "./cost.ts";

/** A plan as a table: what would run, why, and what it would take. */
export async function describePlan(plan: readonly PlannedStage[], place: Place): Promise<string> {
  const table = new Table({
    head: ["stage", "would", "minutes", "GB", "why"],
    style: { head: [], border: [] },
  });
  let minutes = 0;
  for (const planned of plan) {
    const cost = await costOf(planned, plan, (stage, key) => runFigures(place, stage, key));
    if (planned.state !== "done") minutes += cost.minutes;
    table.push([planned.stage.name, ...cells(planned, cost)]);
  }
  return `${table.toString()}\nabout ${minutes.toFixed(1)} minutes in all; nothing was run\n`;
}

function cells({ state, reasons }: PlannedStage, { minutes, gigabytes }: Cost): string[] {
  if (state === "done") return ["be skipped", "", "", "unchanged"];
  return [
    "run",
    minutes.toFixed(1),
    gigabytes.toFixed(2),
    state === "missing" ? "not there yet" : reasons.join("\n"),
  ];
}

/** Times and rates of a finished result; null where it has none. */
async function runFigures(
  { store }: Place,
  stage: string,
  key: string,
): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    return JSON.parse(await readFile(store.path(`${stage}/${key}/run.json`), "utf8")) as Record<
      string,
      unknown
    >;
  } catch {
    return null;
  }
}
