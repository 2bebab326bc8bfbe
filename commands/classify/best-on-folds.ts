import type { Means } from "./computing.ts";
import {
  type Candidate,
  crossValidate,
  type CrossValidated,
  isBetter,
  type TrainingRows,
} from "./cross-validate.ts";
import type { Method, Settings } from "./method.ts";
import { nextRung } from "./rungs.ts";

/** How often a ladder is lengthened: so far it goes a hundredfold beyond its ends. */
const mostSteps = 4;

/** A hyper-parameter whose best value is the smallest or the largest of several that were tried. */
export interface Edge {
  readonly name: string;
  readonly direction: 1 | -1;
}

/** Tries a method's hyper-parameters on every fold, and a next value of a ladder as long as the best one is at its end. */
export async function bestOnFolds(
  method: Method,
  rows: TrainingRows,
  folds: Uint32Array,
  settings: readonly Settings[],
  means: Means,
): Promise<CrossValidated> {
  let found = await crossValidate(method, rows, folds, settings, means);
  for (let step = 0; step < mostSteps; step++) {
    const next = beyond(found, method.ladders ?? []);
    if (next.length === 0) break;
    const further = await crossValidate(method, rows, folds, next, means);
    const better = isBetter(further.best, found.best) ? further : found;
    found = { ...better, candidates: [...found.candidates, ...further.candidates] };
  }
  return found;
}

/** The best settings with the next value of each ladder at whose end they are. */
function beyond({ candidates, best }: CrossValidated, ladders: readonly string[]): Settings[] {
  return edgesReached(candidates, best.settings)
    .filter(({ name }) => ladders.includes(name))
    .map(({ name, direction }) => ({
      ...best.settings,
      [name]: nextRung(best.settings[name] ?? 1, direction),
    }));
}

export function edgesReached(candidates: readonly Candidate[], best: Settings): Edge[] {
  return Object.entries(best).flatMap(([name, value]): Edge[] => {
    const values = candidates.map(({ settings }) => settings[name] ?? value);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    if (low === high || (value !== low && value !== high)) return [];
    return [{ name, direction: value === low ? -1 : 1 }];
  });
}
