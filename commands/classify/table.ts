import Table from "cli-table3";
import { edgesReached } from "./best-on-folds.ts";
import type { Candidate } from "./cross-validate.ts";
import type { Settings } from "./method.ts";
import type { Score } from "./score.ts";
import type { Result, Tried } from "./try-methods.ts";

/** "C 0.003, gamma 0.00078" */
export function settingsInWords(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`)
    .join(", ");
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** "88.6 % (84.7 to 91.5)" */
function scoreInWords({ accuracy, interval: { low, high } }: Score): string {
  return `${percent(accuracy)} (${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)})`;
}

/** The table of what was tried, a row a classifier, and what its columns mean. */
export function resultsTable({ results, leftOut }: Tried, folds: number): string {
  const parts = results[0]?.parts.map(({ part }) => part.name) ?? [];
  const table = new Table({
    head: [
      "classifier",
      "settings",
      `${folds} folds`,
      ...parts.flatMap((name) => [`${name} (95 %)`, "log loss"]),
      "seconds",
      "last fit",
    ],
    style: { head: [], border: [] },
  });
  for (const result of results) table.push(rowOf(result));
  return `${table.toString()}\n${[...notes(results), ...leftOut.map(({ method, why }) => `${method.title} is left out: ${why}`)].map((line) => `${line}\n`).join("")}`;
}

function rowOf({ method, best, parts, seconds }: Result): string[] {
  return [
    method.title + (method.scores === "decision values" ? " *" : ""),
    settingsInWords(best.settings),
    foldsInWords(best),
    ...parts.flatMap(({ score }) => [scoreInWords(score), score.logLoss.toFixed(3)]),
    (seconds.folds + seconds.last).toFixed(1),
    seconds.last.toFixed(1),
  ];
}

function foldsInWords({ accuracy: { mean, deviation } }: Candidate): string {
  return `${(100 * mean).toFixed(1)} ± ${(100 * deviation).toFixed(1)} %`;
}

function notes(results: readonly Result[]): string[] {
  const lines = [
    "settings are chosen on folds of the training photos; seconds: all folds and settings, and the last fit",
  ];
  if (results.some(({ method }) => method.scores === "decision values"))
    lines.push(
      "* probabilities are a softmax of its decision values over a temperature fitted on the held-out folds",
    );
  for (const { method, candidates, best } of results) {
    const edges = edgesReached(candidates, best.settings);
    if (edges.length > 0)
      lines.push(
        `${method.title}: ${edges.map(({ name }) => name).join(" and ")} at the end of what was tried`,
      );
  }
  return lines;
}
