import type { Json } from "../../shared/artifacts/types.ts";
import { counted } from "../../shared/counted.ts";
import type { LeftOut } from "./listing.ts";

export const nothingLeftOut: LeftOut = { hidden: [], junk: [], closed: [], loops: [] };

/** What several folders leave out, together. */
export function leftOutTogether(all: readonly LeftOut[]): LeftOut {
  return {
    hidden: all.flatMap(({ hidden }) => hidden),
    junk: all.flatMap(({ junk }) => junk),
    closed: all.flatMap(({ closed }) => closed),
    loops: all.flatMap(({ loops }) => loops),
  };
}

/** A line for each kind of what gets no row, with examples. */
export function leftOutInWords({ hidden, junk, closed, loops }: LeftOut): string[] {
  return [
    ...(hidden.length > 0
      ? [`predict: ${counted(hidden.length, "hidden name")} left out: ${someOf(hidden)}`]
      : []),
    ...(junk.length > 0
      ? [
          `predict: ${counted(junk.length, "name")} of what systems and file servers leave beside photos left out: ${someOf(junk)}`,
        ]
      : []),
    ...(loops.length > 0
      ? [`predict: ${counted(loops.length, "link")} back up not followed: ${someOf(loops)}`]
      : []),
    ...(closed.length > 0
      ? [
          `predict: ${counted(closed.length, "folder")} could not be looked into, and nothing in there has a row`,
          ...closed.slice(0, shown).map(({ path, reason }) => `  ${path}: ${reason}`),
          ...(closed.length > shown ? [`  and ${closed.length - shown} more`] : []),
        ]
      : []),
  ];
}

export function leftOutJson({ hidden, junk, closed, loops }: LeftOut): Json {
  return {
    hidden: [...hidden],
    junk: [...junk],
    closed: closed.map((each) => ({ ...each })),
    loops: [...loops],
  };
}

const shown = 5;

/** The first few of some names. */
export function someOf(names: readonly string[]): string {
  const more = names.length > shown ? ` and ${names.length - shown} more` : "";
  return names.slice(0, shown).join(", ") + more;
}
