import type { Progress } from "../shared/progress.ts";
import { describePlan } from "../plan/describe.ts";
import { execute, type Means } from "../plan/execute.ts";
import type { Place, PlannedStage } from "../plan/plan.ts";

export interface Carrying {
  readonly place: Place;
  readonly means: Means;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Carries a plan out, stage by stage; what is finished already only has the run's ref moved to it. */
export async function carryOut(plan: readonly PlannedStage[], carrying: Carrying): Promise<void> {
  const { place, means, progress, signal } = carrying;
  for (const planned of plan) {
    const { stage, key, state } = planned;
    if (state === "done") progress.line(`${stage.name}: ${key.slice(0, 12)} is there, nothing to do`);
    else if (planned.reasons.length > 0)
      progress.line(`${stage.name}: runs again, since ${planned.reasons.join(", ")}`);
    if (await execute(planned, place, means, signal)) continue;
    progress.line(
      `${stage.name}: this part is done, others are not yet: the result is finished by whoever comes last`,
    );
    return;
  }
}

/** Prints what a run would do, and carries nothing out. */
export async function printPlan(
  plan: readonly PlannedStage[],
  place: Place,
  write: (text: string) => void,
): Promise<void> {
  write(await describePlan(plan, place));
}
