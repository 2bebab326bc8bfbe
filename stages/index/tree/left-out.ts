/** A file or folder below the data folder that is not used as a photo, and why. */
export interface LeftOut {
  /** relative to the data folder, with forward slashes */
  readonly path: string;
  /** the reason that it shares with others, a noun in the plural: "films" */
  readonly kind: string;
  /** what would let it be used, or more about it; "" where there is nothing to say */
  readonly hint: string;
}

/** How many there are of a kind, with the first as an example. */
export interface LeftOutSum {
  readonly kind: string;
  readonly count: number;
  readonly example: string;
  readonly hint: string;
}

/** Sums by kind and hint, in order of first appearance. */
export function sumsOf(leftOut: readonly LeftOut[]): LeftOutSum[] {
  const sums = new Map<string, LeftOutSum>();
  for (const { path, kind, hint } of leftOut) {
    const key = `${kind}\n${hint}`;
    const known = sums.get(key);
    if (known === undefined) sums.set(key, { kind, hint, count: 1, example: path });
    else sums.set(key, { ...known, count: known.count + 1 });
  }
  return [...sums.values()];
}

/** "left out: camera raw files, 12 (a/1.nef …): convert them to JPEG" */
export function sumInWords({ kind, count, example, hint }: LeftOutSum): string {
  const examples = count === 1 ? example : `${example} …`;
  return `left out: ${kind}, ${count.toLocaleString("en")} (${examples})${hint === "" ? "" : `: ${hint}`}`;
}
