import type { KeyParts } from "../shared/artifacts/types.ts";
import { counted } from "../shared/counted.ts";
import type { Stage } from "../shared/stage.ts";
import { countsIn, type ListedCounts } from "./counts.ts";
import type { Option } from "./options.ts";
import type { Settings } from "./settings.ts";

/** What a stage may need of a data set. */
interface Need {
  isMet(counts: ListedCounts): boolean;
  /** what is said where it is not met, as a reason and as what was found; and what would meet it */
  readonly unmet: string;
  found(counts: ListedCounts): string;
  readonly remedy: string;
}

const needs: Readonly<Record<NonNullable<Stage["needs"]>, Need>> = {
  labels: {
    isMet: ({ labelled }) => labelled > 0,
    unmet: "no photo has a label",
    found: ({ rows }) => `${counted(rows, "photo")}, none of them with a label`,
    remedy:
      "labels come from a folder for each class, or from a table with the columns path and label (--data), " +
      "unless --labels none passes them over; the features that are there are used again",
  },
};

/** The need of a stage that a data set does not meet. */
export interface UnmetNeed {
  readonly reason: string;
  readonly found: string;
  readonly remedy: string;
}

/**
 * Whether a data set lacks what a stage needs; null where it does not, or where nothing is known of
 * the set.
 *
 * @param upstream the results before it, by stage, one of which has listed the photos
 */
export function unmetNeed(
  { needs: name }: Stage,
  upstream: Readonly<Record<string, { readonly parts: KeyParts }>>,
): UnmetNeed | null {
  if (name === undefined) return null;
  const counts = Object.values(upstream)
    .map(({ parts }) => countsIn(parts.source))
    .find((each) => each !== null);
  if (counts === undefined || needs[name].isMet(counts)) return null;
  const need = needs[name];
  return { reason: need.unmet, found: need.found(counts), remedy: need.remedy };
}

/** What would let a stage run that was left out. */
export function remedyFor({ needs: name }: Stage): string {
  return name === undefined ? "" : needs[name].remedy;
}

/** The flags of a command line that only stages read which are left out. */
export function idleFlags(
  leftOut: readonly string[],
  options: readonly Option[],
  settings: Settings,
): string[] {
  return options.flatMap(({ field, stages }) => {
    const origin = settings.get(field)?.origin;
    const isIdle = origin?.startsWith("--") === true && stages.every((stage) => leftOut.includes(stage));
    return isIdle ? [origin] : [];
  });
}
