/** Where to split, and how good that is. */
export interface Split {
  readonly column: number;
  /** the highest bin that goes left: halfway between the two sides' own */
  readonly threshold: number;
  /** Σ over both sides of (Σ over classes of count²) / rows: the higher, the purer */
  readonly purity: number;
}

/** Memory for finding splits, used anew for each. */
export interface SplitScratch {
  /** [256 + 1] */
  readonly counts: Int32Array;
  /** rows of the segment by bin: the bin above 16 bits of label */
  readonly sorted: Int32Array;
  readonly left: Int32Array;
}

export function splitScratch(rows: number, classes: number): SplitScratch {
  return {
    counts: new Int32Array(257),
    sorted: new Int32Array(rows),
    left: new Int32Array(classes),
  };
}

/** Below so many rows they are sorted by insertion, which leaves the 256 counts alone. */
const few = 24;

/**
 * The split of a segment by one column whose two sides are purest by Gini's index, both of them `leastRows` long; null where there is
 * none.
 *
 * @param totals rows of each class in the segment
 * @param squares Σ totals²
 */
export function purestSplit(
  column: number,
  { rows, first, end }: { readonly rows: Int32Array; readonly first: number; readonly end: number },
  bins: Uint8Array,
  labels: Int32Array,
  totals: Int32Array,
  squares: number,
  leastRows: number,
  scratch: SplitScratch,
): Split | null {
  const classes = totals.length;
  const count = end - first;
  sortByBin(rows, first, end, bins, labels, classes, scratch);
  const { sorted, left } = scratch;
  let best: Split | null = null;
  let [leftSquares, rightSquares, bin] = [0, squares, (sorted[0] as number) >> 16];
  for (let i = 0; i < count - 1; i++) {
    const label = (sorted[i] as number) & 0xffff;
    const there = left[label] as number;
    leftSquares += 2 * there + 1;
    rightSquares -= 2 * ((totals[label] as number) - there) - 1;
    left[label] = there + 1;
    const next = sorted[i + 1] as number;
    const nextBin = next >> 16;
    if (nextBin === bin) continue;
    const onLeft = i + 1;
    if (onLeft >= leastRows && count - onLeft >= leastRows) {
      const purity = leftSquares / onLeft + rightSquares / (count - onLeft);
      if (best === null || purity > best.purity)
        best = { column, threshold: (bin + nextBin - 1) >> 1, purity };
    }
    bin = nextBin;
  }
  for (let i = first; i < end; i++) left[labels[rows[i] as number] as number] = 0;
  return best;
}

function sortByBin(
  rows: Int32Array,
  first: number,
  end: number,
  bins: Uint8Array,
  labels: Int32Array,
  classes: number,
  { counts, sorted }: SplitScratch,
): void {
  if (end - first < few) {
    for (let i = first; i < end; i++) {
      const row = rows[i] as number;
      const key = ((bins[row] as number) << 16) | (labels[row] as number);
      let at = i - first;
      while (at > 0 && (sorted[at - 1] as number) > key) {
        sorted[at] = sorted[at - 1] as number;
        at--;
      }
      sorted[at] = key;
    }
    return;
  }
  counts.fill(0);
  for (let i = first; i < end; i++) {
    const after = (bins[rows[i] as number] as number) + 1;
    counts[after] = (counts[after] as number) + 1;
  }
  for (let bin = 1; bin < counts.length; bin++)
    counts[bin] = (counts[bin] as number) + (counts[bin - 1] as number);
  for (let i = first; i < end; i++) {
    const row = rows[i] as number;
    const bin = bins[row] as number;
    const at = counts[bin] as number;
    sorted[at] = (bin << 16) | (labels[row] as number);
    counts[bin] = at + 1;
  }
}
