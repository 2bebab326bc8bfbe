/** Joins things, by number, into groups that only ever grow. */
export interface Components {
  readonly join: (a: number, b: number) => void;
  /** the same number for each two things that are joined, directly or by others: the lowest of them */
  readonly of: (thing: number) => number;
}

/** `count` things, none joined to another (union-find, paths halved). */
export function components(count: number): Components {
  const parents = Uint32Array.from({ length: count }, (_, i) => i);
  const of = (thing: number): number => {
    let at = thing;
    for (;;) {
      const parent = parents[at] as number;
      if (parent === at) return at;
      parents[at] = parents[parent] as number;
      at = parent;
    }
  };
  const join = (a: number, b: number): void => {
    const [first, second] = [of(a), of(b)];
    parents[Math.max(first, second)] = Math.min(first, second);
  };
  return { join, of };
}
