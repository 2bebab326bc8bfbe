import Table from "cli-table3";
import { flagText } from "../../plan/configs.ts";
import type { Failed, Scored } from "./carry.ts";
import type { Axis, Point } from "./grid.ts";
import { type Spread, standardError } from "./score.ts";

/** A point's settings in words: "lr 0.001, unfreeze 2". */
export function pointInWords(point: Point, axes: readonly Axis[]): string {
  return axes.map(({ option }) => `${option.flag} ${settingOf(point, option.field)}`).join(", ");
}

/** "87.4 ± 1.2 %" */
export function percentOf({ mean, deviation }: Spread): string {
  return `${(100 * mean).toFixed(1)} ± ${(100 * deviation).toFixed(1)} %`;
}

/**
 * The table of a sweep: settings, accuracy and loss over the folds (mean ± standard deviation), seconds of a training.
 *
 * @param scored the best first
 * @param taken is marked
 */
export function leaderboard(
  axes: readonly Axis[],
  scored: readonly Scored[],
  failed: readonly Failed[],
  taken: Scored | null,
): string {
  const table = new Table({
    head: [...axes.map(({ option }) => option.flag), "accuracy", "loss", "seconds", ""],
    style: { head: [], border: [] },
  });
  for (const one of scored)
    table.push([
      ...axes.map(({ option }) => settingOf(one.cell.point, option.field)),
      percentOf(one.accuracy),
      `${one.loss.mean.toFixed(4)} ± ${one.loss.deviation.toFixed(4)}`,
      one.seconds === null ? "" : one.seconds.toFixed(1),
      one === taken ? "take this one" : "",
    ]);
  for (const { cell } of failed)
    table.push([...axes.map(({ option }) => settingOf(cell.point, option.field)), ...["failed", "", "", ""]]);
  return `${table.toString()}\n`;
}

/** Why the one that is to be taken is: it is the best, or as good and cheaper. */
export function adviceOf(axes: readonly Axis[], best: Scored, taken: Scored, command: string): string {
  const points = (100 * standardError(best.accuracy)).toFixed(2);
  const why =
    taken === best
      ? "it is the most accurate, and none that is cheaper comes within one standard error"
      : `it trains the fewest blocks, nearest to the defaults, of those within one standard error of the best`;
  return `take ${pointInWords(taken.cell.point, axes)}: ${why} (${points} points)\n  ${command}\n`;
}

function settingOf(point: Point, field: string): string {
  return flagText(point.get(field) ?? null);
}
