import path from "node:path";
import type { Cost } from "../../plan/cost.ts";
import type { Json } from "../../shared/artifacts/types.ts";
import type { PipelineError } from "../../shared/errors.ts";
import { lookWith } from "../../shared/voice.ts";
import type { Answer, Speaking } from "../command.ts";
import type { Advice } from "./advice.ts";
import type { Finding, Seen } from "./findings.ts";

/** What a run would take. */
export interface Costs {
  /** of a run with the file as it is, and of one with everything frozen */
  readonly advised: Cost;
  readonly frozen: Cost;
}

/** All that `init` has to say. */
export interface Told extends Seen {
  readonly findings: readonly Finding[];
  readonly costs: Costs | null;
  readonly target: string;
  /** what `index` would stop at, as the set is */
  readonly stopped: PipelineError | null;
}

/** `init`'s answer, for people and for machines. */
export function answerOf(told: Told, { voice }: Speaking): Answer {
  const { set, sample, nearness, advice, findings, costs, target, stopped } = told;
  const isLabelled = set.labelled > 0;
  const look = lookWith(voice.colours.answers);
  const line = (name: string, says: string) => `${look.speaker(name.padEnd(10))} ${says}\n`;
  const lines = [
    ...findings.map(({ name, says }) => line(name, name === "odd" ? look.remedy(says) : says)),
    line("advice", `${advice.why} (unfreeze ${advice.unfreeze})`),
    ...(costs === null ? [] : [line("takes", costsInWords(costs, advice))]),
    ...(isLabelled ? [line("to decide", decidingCommand)] : [line("gives", featuresAlone)]),
    line("wrote", path.basename(target)),
    stopped === null
      ? set.classes.length === 1
        ? line("first", look.error("give photos of two classes at least, a folder each"))
        : line("next", look.good("npx zx pipeline.ts all"))
      : line("first", look.error(`npx zx pipeline.ts all would stop at this:\n${stopped.message}`)),
  ];
  return {
    text: lines.join(""),
    json: {
      ...{
        data: set.listing.root,
        layout: set.listing.layout,
        photos: set.listing.rows.length,
        labelled: set.labelled,
        unlabelled: set.listing.rows.length - set.labelled,
        remarks: [...set.listing.remarks],
        leftOut: set.leftOut.map((sum) => ({ ...sum })),
      },
      ...{
        classes: set.classes.map((each) => ({ ...each })),
        given: set.given,
        sample: { ...sample } as Json,
      },
      nearness: nearness === null ? null : { ...nearness },
      odd: findings.filter(({ name }) => name === "odd").map(({ says }) => says),
      advice: { ...advice },
      costs: costs === null ? null : { advised: { ...costs.advised }, frozen: { ...costs.frozen } },
      ...{ command: isLabelled ? decidingCommand : null, file: target, stoppedBy: stopped?.message ?? null },
    },
  };
}

/** A map that embed keeps for four blocks serves fewer, too. */
const decidingCommand =
  "npx zx pipeline.ts all --unfreeze 4 && npx zx pipeline.ts train --sweep unfreeze=0,2,4 --folds 5";

const featuresAlone =
  "features.arrow and features.npy of every photo, and a report with the map of them; once there are labels, these features are " +
  "used again";

function costsInWords({ advised, frozen }: Costs, { unfreeze }: Advice): string {
  const text = ({ minutes, gigabytes }: Cost) =>
    `${minutes < 1 ? "less than a minute" : `about ${minutes.toFixed(0)} minutes`} and ${gigabytes < 0.1 ? "less than 0.1" : gigabytes.toFixed(1)} GB`;
  return unfreeze === 0
    ? text(advised)
    : `${text(advised)}; the head alone (--unfreeze 0 --views 1) ${text(frozen)}`;
}
