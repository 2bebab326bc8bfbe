/** Compares text by code points, as Python and NumPy sort it (UTF-16 order differs beyond U+FFFF). */
export function byCodePoint(a: string, b: string): number {
  if (a === b) return 0;
  const left = [...a];
  const right = [...b];
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

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
