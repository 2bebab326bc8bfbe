import { byCodePoint } from "../../../shared/code-points.ts";

/** The classes of a list of labels, sorted, with the places where each stands in the list, ascending. */
export interface Classes {
  readonly names: readonly string[];
  readonly members: readonly (readonly number[])[];
}

/** Sorts labels into classes. */
export function classesOf(labels: readonly string[]): Classes {
  const places = new Map<string, number[]>();
  labels.forEach((label, i) => {
    const members = places.get(label);
    if (members === undefined) places.set(label, [i]);
    else members.push(i);
  });
  const names = [...places.keys()].sort(byCodePoint);
  return { names, members: names.map((name) => places.get(name) ?? []) };
}
