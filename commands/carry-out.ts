import type { Progress } from "../shared/progress.ts";
import { runFigures } from "../plan/describe.ts";
import { execute } from "../plan/execute.ts";
import { remedyFor } from "../plan/needs.ts";
import { isToDo, type Place, type PlannedStage } from "../plan/plan.ts";
import type { Asked } from "../plan/session.ts";
import { type Means, type StageProcess, startStage } from "../plan/stage-process.ts";
import type { Speaking } from "./command.ts";

export interface Carrying {
  readonly place: Place;
  readonly means: Means;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** How what was asked for is carried out by a command that speaks so. */
export function carrying({ place, means }: Asked, { progress, signal }: Speaking): Carrying {
  return { place, means, progress: progress("pipeline"), signal };
}

/**
 * Carries a plan out, stage by stage; what is finished already only has the run's ref moved to it.
 * Each stage's process is started while the one before works, so that nobody waits for it to load
 * its code.
 */
export async function carryOut(plan: readonly PlannedStage[], carrying: Carrying): Promise<void> {
  const { means, signal } = carrying;
  const todo = plan.filter(isToDo);
  for (const line of enginesInWords(todo)) carrying.progress.line(line);
  const started = new Map<PlannedStage, StageProcess>();
  const start = (planned: PlannedStage | undefined) => {
    if (planned !== undefined && !started.has(planned)) started.set(planned, startStage(planned, means));
  };
  try {
    for (const planned of plan) {
      sayWhy(planned, carrying);
      if (planned.state === "left out") continue;
      const turn = todo.indexOf(planned);
      if (turn >= 0) for (const each of todo.slice(turn, turn + 2)) start(each);
      if (!(await execute(planned, started.get(planned) ?? null, carrying.place, signal))) {
        sayUnfinished(planned, carrying);
        return;
      }
      started.delete(planned);
      if (means.voice.verbose && turn >= 0) await sayWhatItTook(planned, carrying);
    }
  } finally {
    for (const process of started.values()) process.cancel();
  }
}

/** Which stages compute with what, and why not with something better: a line for each engine. */
function enginesInWords(todo: readonly PlannedStage[]): string[] {
  const stages = new Map<string, string[]>();
  for (const { stage, engine } of todo) {
    if (engine === null) continue;
    const on = engine.engine === engine.device ? engine.engine : `${engine.engine} (${engine.device})`;
    const text = `on engine ${on}: ${engine.reasons.join("; ")}`;
    stages.set(text, [...(stages.get(text) ?? []), stage.name]);
  }
  return [...stages].map(([text, names]) => `${names.join(", ")} ${text}`);
}

function sayWhy(planned: PlannedStage, { means, progress }: Carrying): void {
  const { stage, key, state, reasons } = planned;
  if (state === "done") progress.line(`${stage.name}: ${key.slice(0, 12)} is there, nothing to do`);
  else if (state === "left out")
    progress.line(`${stage.name}: left out, since ${reasons.join(", ")}; ${remedyFor(stage)}`);
  else if (reasons.length > 0) progress.line(`${stage.name}: runs again, since ${reasons.join(", ")}`);
  if (means.voice.verbose && isToDo(planned)) for (const line of partsInWords(planned)) progress.line(line);
}

/** What a stage is about to be run with: what its key is made of. */
function partsInWords({ stage, key, config, parts, state }: PlannedStage): string[] {
  const listed = (values: Readonly<Record<string, unknown>>) =>
    Object.entries(values)
      .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`)
      .join(", ");
  return [
    `${stage.name}: ${state === "missing" ? "not there yet; " : ""}will be ${key.slice(0, 12)}`,
    `${stage.name}: with ${listed(config)}`,
    `${stage.name}: on Node ${process.version}, ${listed(parts.libraries)}`,
  ];
}

async function sayWhatItTook({ stage, key }: PlannedStage, { place, progress }: Carrying): Promise<void> {
  const figures = await runFigures(place, stage.name, key);
  if (figures === null) return;
  const { seconds, peakMemoryMiB, workers } = figures;
  progress.line(
    `${stage.name}: ${Number(seconds).toFixed(1)} s, at most ${Number(peakMemoryMiB)} MiB of memory, ${Number(workers)} workers`,
  );
}

function sayUnfinished({ stage }: PlannedStage, { progress }: Carrying): void {
  progress.line(
    `${stage.name}: this part is done, others are not yet: the result is finished by whoever comes last`,
  );
}
