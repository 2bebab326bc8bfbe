import type { Scale } from "../shared/stage.ts";
import type { Json } from "../shared/artifacts/types.ts";
import { countsIn } from "./counts.ts";
import type { PlannedStage } from "./plan.ts";

export interface Cost {
  readonly minutes: number;
  readonly gigabytes: number;
}

/** Reads what an earlier run of a stage noted down (run.json); null where there is none. */
type Figures = (stage: string, key: string) => Promise<Readonly<Record<string, unknown>> | null>;

/** Units below which a run's rate is mostly its start. */
const enoughUnits = 500;

/**
 * What a stage would take: at the rate of its last run on this machine, else at that of the
 * project's benchmark.
 */
export async function costOf(
  planned: PlannedStage,
  plan: readonly PlannedStage[],
  figures: Figures,
): Promise<Cost> {
  const { stage, current } = planned;
  const config = Object.assign({}, ...plan.map((each) => each.config)) as Record<string, Json>;
  const estimate = stage.estimate?.(scaleOf(plan), config);
  if (estimate === undefined) return { minutes: 0, gigabytes: 0 };
  const last = current === null ? null : await figures(stage.name, current.key);
  const measured = Number(last?.["units"] ?? 0) >= enoughUnits ? Number(last?.["unitsPerSecond"]) : 0;
  // The last run may have had another config: what it tells is how fast this machine is beside the
  // benchmark's.
  const expected = stage.estimate?.(scaleOf(plan), { ...config, ...current?.config }).unitsPerSecond ?? 0;
  const rate = estimate.unitsPerSecond * (measured > 0 && expected > 0 ? measured / expected : 1);
  return { minutes: estimate.units / rate / 60, gigabytes: estimate.bytes / 1e9 };
}

/** The listing's counts, which every plan has before anything runs. */
function scaleOf(plan: readonly PlannedStage[]): Scale {
  const { rows, labelled } = countsIn(plan[0]?.parts.source ?? null) ?? { rows: 0, labelled: 0 };
  return { all: labelled, clean: rows - labelled };
}
