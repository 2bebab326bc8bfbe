import type { PlannedStage } from "../plan/plan.ts";
import { planAll, planAlone } from "../plan/plans.ts";
import type { Asked } from "../plan/session.ts";
import type { Stage } from "../shared/stage.ts";
import { carryOut, type Carrying } from "./carry-out.ts";
import { outcomesOf, type StageOutcome } from "./results.ts";
import { carryOutTrial, isTrial, refuseTrial } from "./trial.ts";

/**
 * Plans what is wanted, for the command line as for the library (api.ts): every stage, or one on the results that are there.
 *
 * @param from keys (or their beginnings) of results that one stage is to read instead of the run's
 * @throws PipelineError what `planAll` and `planAlone` throw; `usage` where `all` is asked for a trial
 */
export async function planFor(
  wanted: Stage | "all",
  { request, place }: Asked,
  from: readonly string[] = [],
): Promise<readonly PlannedStage[]> {
  if (wanted !== "all") return [await planAlone(wanted, request, place, from)];
  const plan = await planAll(request, place);
  refuseTrial(plan);
  return plan;
}

/** What a plan has come to. */
export interface Ran {
  /** what a trial found out, to be printed; else empty */
  readonly text: string;
  readonly outcomes: readonly StageOutcome[];
}

/** Carries a plan out; what is not up to date is run, each stage in a process of its own. */
export async function runPlan(plan: readonly PlannedStage[], carrying: Carrying): Promise<Ran> {
  const [trial] = plan.filter(isTrial);
  let text = "";
  if (trial === undefined) await carryOut(plan, carrying);
  else text = await carryOutTrial(trial, carrying);
  return { text, outcomes: await outcomesOf(plan, carrying.place) };
}
