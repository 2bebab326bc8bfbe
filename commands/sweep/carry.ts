import { readFile } from "node:fs/promises";
import type { PlannedStage } from "../../plan/plan.ts";
import { type StageProcess, startStage } from "../../plan/stage-process.ts";
import { findManifest } from "../../shared/artifacts/results.ts";
import { PipelineError } from "../../shared/errors.ts";
import type { Carrying } from "../carry-out.ts";
import type { Cell } from "./plan.ts";
import { type Candidate, spreadOf } from "./score.ts";

/** A cell whose trainings are all there, and how they went. */
export interface Scored extends Candidate {
  readonly cell: Cell;
  /** of a training, on average; null where none was timed */
  readonly seconds: number | null;
}

/** A cell of which a training ended with an error that its settings are to blame for: a rate that is too high, likely. */
export interface Failed {
  readonly cell: Cell;
  readonly why: string;
}

/** What a training of a fold says of itself. */
interface Outcome {
  readonly accuracy: number;
  readonly loss: number;
  readonly blocks: number;
  readonly seconds: number | null;
}

/**
 * Makes the trainings of a sweep that are not there, each in a process of its own, of which the next is started while one works; no
 * ref is moved. Those of a cell that has failed in one fold are left out in the others.
 *
 * @param told is called after each cell
 * @throws the error of a training that could not be done for a reason that is not its settings'
 */
export async function carryOutSweep(
  cells: readonly Cell[],
  carrying: Carrying,
  told: (done: Scored | Failed) => void,
): Promise<(Scored | Failed)[]> {
  const todo = cells.flatMap(({ trainings }) => trainings).filter(({ state }) => state !== "done");
  const quiet = { ...carrying.means, voice: { ...carrying.means.voice, quiet: true } };
  const started = new Map<PlannedStage, StageProcess>();
  const start = (planned: PlannedStage) => {
    const process = started.get(planned) ?? startStage(planned, quiet);
    started.set(planned, process);
    return process;
  };
  const train = async (planned: PlannedStage) => {
    const [own, next] = todo.slice(todo.indexOf(planned));
    if (own === undefined) return;
    if (carrying.signal.aborted) throw new PipelineError("interrupted", "");
    const process = start(own);
    if (next !== undefined) start(next);
    started.delete(own);
    await process.begin(carrying.signal);
  };
  const skip = (planned: PlannedStage) => {
    started.get(planned)?.cancel();
    started.delete(planned);
  };
  const outcomes: (Scored | Failed)[] = [];
  try {
    for (const cell of cells) {
      const why = await trainFolds(cell, train, skip);
      const outcome = why === null ? await scoreOf(cell, carrying) : { cell, why };
      outcomes.push(outcome);
      told(outcome);
    }
  } finally {
    for (const process of started.values()) process.cancel();
  }
  return outcomes;
}

/** Null, or why the cell has failed. */
async function trainFolds(
  { trainings }: Cell,
  train: (planned: PlannedStage) => Promise<void>,
  skip: (planned: PlannedStage) => void,
): Promise<string | null> {
  const todo = trainings.filter(({ state }) => state !== "done");
  for (const [i, training] of todo.entries())
    try {
      await train(training);
    } catch (error) {
      if (!(error instanceof PipelineError) || error.code !== "usage") throw error;
      todo.slice(i + 1).forEach(skip);
      return error.message.split("\n")[0] ?? "";
    }
  return null;
}

async function scoreOf(cell: Cell, carrying: Carrying): Promise<Scored> {
  const outcomes = await Promise.all(cell.trainings.map((training) => outcomeOf(training, carrying)));
  const seconds = outcomes.map((outcome) => outcome.seconds).filter((each) => each !== null);
  return {
    cell,
    accuracy: spreadOf(outcomes.map(({ accuracy }) => accuracy)),
    loss: spreadOf(outcomes.map(({ loss }) => loss)),
    seconds: seconds.length === 0 ? null : spreadOf(seconds).mean,
    blocks: Math.max(...outcomes.map(({ blocks }) => blocks)),
    distance: cell.distance,
  };
}

async function outcomeOf({ stage, key }: PlannedStage, { place: { store } }: Carrying): Promise<Outcome> {
  const facts = (await findManifest(store, stage.name, key))?.facts ?? {};
  const run = await readFile(store.path(`${stage.name}/${key}/run.json`), "utf8").catch(() => "{}");
  const { seconds } = JSON.parse(run) as { seconds?: number };
  return {
    accuracy: Number(facts["accuracy"]),
    loss: Number(facts["loss"]),
    blocks: Array.isArray(facts["blocks"]) ? facts["blocks"].length : 0,
    seconds: seconds ?? null,
  };
}
