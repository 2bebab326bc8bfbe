import type { Binned } from "./bins.ts";

export interface TreeLimits {
  /** the most leaves of a tree */
  readonly leaves: number;
  /** the fewest training rows of a leaf */
  readonly leastRows: number;
  /** what is added to every sum of second derivatives (λ) */
  readonly decay: number;
}

/** Sums over rows: first derivatives, second derivatives, rows. */
export type Sums = readonly [first: number, second: number, rows: number];

/** Where to split a node, and what that gains. */
export interface Split {
  readonly gain: number;
  readonly column: number;
  readonly threshold: number;
  readonly left: Sums;
}

const binsOfColumn = 256;
const leastSecond = 1e-3;

/** Memory for a histogram: [columns, 256, 3] first derivatives, second derivatives, rows of each bin. */
export function newHistogram(columns: number): Float64Array {
  return new Float64Array(columns * binsOfColumn * 3);
}

/** Sums of some rows' derivatives, and how many rows, in each bin of some columns. */
export function fillHistogram(
  histogram: Float64Array,
  { rows: height, bins }: Binned,
  rows: Int32Array,
  first: Float32Array,
  second: Float32Array,
  columns: Uint32Array,
): Float64Array {
  histogram.fill(0);
  const [ownFirst, ownSecond] = [new Float64Array(rows.length), new Float64Array(rows.length)];
  for (let i = 0; i < rows.length; i++) {
    ownFirst[i] = first[rows[i] as number] as number;
    ownSecond[i] = second[rows[i] as number] as number;
  }
  for (let k = 0; k < columns.length; k++) {
    const column = bins.subarray((columns[k] as number) * height, ((columns[k] as number) + 1) * height);
    const base = k * binsOfColumn * 3;
    for (let i = 0; i < rows.length; i++) {
      const at = base + (column[rows[i] as number] as number) * 3;
      histogram[at] = (histogram[at] as number) + (ownFirst[i] as number);
      histogram[at + 1] = (histogram[at + 1] as number) + (ownSecond[i] as number);
      histogram[at + 2] = (histogram[at + 2] as number) + 1;
    }
  }
  return histogram;
}

/** A histogram less that of a part of its rows, in its own place. */
export function without(histogram: Float64Array, part: Float64Array): Float64Array {
  for (let i = 0; i < histogram.length; i++) histogram[i] = (histogram[i] as number) - (part[i] as number);
  return histogram;
}

/** Sums over all rows, which every column's bins hold. */
export function sumsOf(histogram: Float64Array): Sums {
  let [first, second, rows] = [0, 0, 0];
  for (let at = 0; at < binsOfColumn * 3; at += 3) {
    first += histogram[at] as number;
    second += histogram[at + 1] as number;
    rows += histogram[at + 2] as number;
  }
  return [first, second, rows];
}

/** The split with the most gain; null where none gains anything or leaves enough rows on both sides. */
export function bestSplit(
  histogram: Float64Array,
  [first, second, rows]: Sums,
  columns: Uint32Array,
  { leastRows, decay }: TreeLimits,
): Split | null {
  if (rows < 2 * leastRows || second < leastSecond) return null;
  const whole = (first * first) / (second + decay);
  let best: Split | null = null;
  for (let k = 0; k < columns.length; k++) {
    let [leftFirst, leftSecond, leftRows] = [0, 0, 0];
    const base = k * binsOfColumn * 3;
    for (let bin = 0; bin < binsOfColumn - 1; bin++) {
      const at = base + bin * 3;
      const inBin = histogram[at + 2] as number;
      if (inBin === 0) continue;
      leftFirst += histogram[at] as number;
      leftSecond += histogram[at + 1] as number;
      leftRows += inBin;
      if (leftRows < leastRows || leftSecond < leastSecond) continue;
      const [rightFirst, rightSecond] = [first - leftFirst, second - leftSecond];
      if (rows - leftRows < leastRows || rightSecond < leastSecond) break;
      const gain =
        (leftFirst * leftFirst) / (leftSecond + decay) +
        (rightFirst * rightFirst) / (rightSecond + decay) -
        whole;
      if (gain > (best?.gain ?? 0))
        best = {
          gain,
          column: columns[k] as number,
          threshold: bin,
          left: [leftFirst, leftSecond, leftRows],
        };
    }
  }
  return best;
}
