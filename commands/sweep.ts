import path from "node:path";
import { flagText } from "../plan/configs.ts";
import type { Option } from "../plan/options.ts";
import type { Request } from "../plan/plans.ts";
import { unexpected } from "../shared/errors.ts";
import type { Stage } from "../shared/stage.ts";
import type { Carrying } from "./carry-out.ts";
import type { Answer } from "./command.ts";
import { carryOutSweep, type Failed, type Scored } from "./sweep/carry.ts";
import { type Axis, axesOf, type Point, sweepable } from "./sweep/grid.ts";
import { adviceOf, leaderboard, percentOf, pointInWords } from "./sweep/leaderboard.ts";
import { type Cell, planSweep } from "./sweep/plan.ts";
import { writeSweep } from "./sweep/record.ts";
import { oneToTake, ranked } from "./sweep/score.ts";

/** The flags of `train` that make it a sweep. */
export interface SweepFlags {
  /** NAME=VALUES, some of them */
  readonly sweep?: string[];
  readonly folds?: string;
  readonly points?: string;
  readonly from?: string[];
  /** as they were given, for the command that trains what is to be taken */
  readonly run?: string;
  readonly artifacts?: string;
  readonly config?: string;
}

/** @throws PipelineError `usage` where flags of a sweep come without one */
export function isSweep({ sweep, folds, points }: SweepFlags): boolean {
  if (sweep !== undefined) return true;
  const alone = folds === undefined ? (points === undefined ? null : "--points") : "--folds";
  if (alone === null) return false;
  throw unexpected("usage", {
    where: "sweep",
    expected: "--sweep with it",
    subject: alone,
    got: "none",
    hint: "such as --sweep lr=1e-4..1e-2 unfreeze=0,2,4",
  });
}

/** What a sweep will do. */
export interface Sweep {
  readonly axes: readonly Axis[];
  readonly cells: readonly Cell[];
}

/**
 * Plans `train --sweep`: every combination of the swept values, on every fold of the training
 * photos. The given validation part is not looked at. Within a fold the epoch that is scored is
 * chosen as in any training, by the held-out photos themselves: settings are compared on equal
 * terms, but each figure is a little too good.
 */
export async function readSweep(
  train: Stage,
  flags: SweepFlags,
  request: Request,
  { place }: Carrying,
): Promise<Sweep> {
  const folds = numberFrom2("--folds", flags.folds ?? "5");
  const points = numberFrom2("--points", flags.points ?? "4");
  const axes = axesOf(flags.sweep ?? [], sweepable(request.options, train.name), points);
  return { axes, cells: await planSweep(train, axes, folds, request, place, flags.from ?? []) };
}

/** A sweep in words, for `--dry-run`. */
export function describeSweep({ axes, cells }: Sweep): Answer {
  const trainings = cells.flatMap((cell) => cell.trainings);
  const there = trainings.filter(({ state }) => state === "done").length;
  const lines = cells.map(({ point }) => `  ${pointInWords(point, axes)}\n`);
  const text =
    `${cells.length} combinations × ${trainings.length / cells.length} folds: ${trainings.length} trainings, ` +
    `${there} of which are there; nothing was run\n${lines.join("")}`;
  const combinations = cells.map((cell) => ({
    settings: Object.fromEntries(cell.point),
    trainings: cell.trainings.map(({ key, state }) => ({ key, state })),
  }));
  return { text, json: { combinations, trainings: trainings.length, done: there } };
}

/**
 * Carries a sweep out, writes its leaderboard, and says which settings to take. Every training is
 * an ordinary result of the train stage, so that a killed sweep goes on where it was and a repeated
 * one costs nothing; no run's ref is moved.
 *
 * @throws PipelineError `usage` where no combination could be trained
 */
export async function runSweep(
  { axes, cells }: Sweep,
  { request, flags }: { readonly request: Request; readonly flags: SweepFlags },
  carrying: Carrying,
): Promise<Answer> {
  let done = 0;
  const outcomes = await carryOutSweep(cells, carrying, (outcome) => {
    carrying.progress.line(`${++done}/${cells.length} ${outcomeInWords(outcome, axes)}`);
  });
  const scored = ranked(outcomes.filter((outcome) => "accuracy" in outcome));
  const failed = outcomes.filter((outcome) => "why" in outcome);
  const [best, taken] = [scored[0], oneToTake(scored)];
  if (best === undefined || taken === null) throw allFailed(failed);
  const command = commandFor(taken.cell.point, request, flags);
  const { file, sweep } = await writeSweep(carrying.place, scored, failed, { scored: taken, command });
  carrying.progress.line(`the table for machines: ${path.relative(process.cwd(), file)}`);
  const table = leaderboard(axes, scored, failed, taken);
  return { text: table + adviceOf(axes, best, taken, command), json: sweep };
}

function outcomeInWords(outcome: Scored | Failed, axes: readonly Axis[]): string {
  const settings = pointInWords(outcome.cell.point, axes);
  if ("why" in outcome) return `${settings}: failed, ${outcome.why}`;
  const { accuracy, loss, seconds, cell } = outcome;
  const there = cell.trainings.every(({ state }) => state === "done");
  const time = there ? "was there" : `${cell.trainings.length} × ${(seconds ?? 0).toFixed(1)} s`;
  return `${settings}: accuracy ${percentOf(accuracy)}, loss ${loss.mean.toFixed(4)}, ${time}`;
}

/** The command line that trains a point's settings on all training photos. */
function commandFor(point: Point, { options, settings }: Request, flags: SweepFlags): string {
  const given = [...settings].filter(
    ([field, { origin }]) => origin.startsWith("--") && !point.has(field) && field !== "fold",
  );
  const words = [
    ...[...point].map(([field, value]) => [flagOf(options, field), flagText(value)]),
    ...given.map(([field, { value }]) => [flagOf(options, field), flagText(value)]),
    ...Object.entries({ run: flags.run, artifacts: flags.artifacts, config: flags.config }).flatMap(
      ([name, value]) => (value === undefined ? [] : [[`--${name}`, value]]),
    ),
    ...(flags.from === undefined ? [] : [["--from", ...flags.from]]),
  ];
  return `npx zx pipeline.ts train ${words.flat().map(quoted).join(" ")}`;
}

function flagOf(options: readonly Option[], field: string): string {
  return `--${options.find((option) => option.field === field)?.flag ?? field}`;
}

/** A word as a POSIX shell reads it. */
function quoted(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function numberFrom2(flag: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 2) return number;
  throw unexpected("usage", { where: "sweep", expected: "a whole number from 2", subject: flag, got: text });
}

function allFailed(failed: readonly Failed[]) {
  return unexpected("usage", {
    where: "sweep",
    expected: "settings that can be trained",
    subject: "--sweep",
    got: `${failed.length} combinations that all failed`,
    hint: `the first one said: ${failed[0]?.why ?? ""}`,
  });
}
