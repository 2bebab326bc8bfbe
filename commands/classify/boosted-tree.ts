import type { Binned } from "./bins.ts";
import { partition } from "./partition.ts";

export interface TreeLimits {
  /** the most leaves of a tree */
  readonly leaves: number;
  /** the fewest training rows of a leaf */
  readonly leastRows: number;
  /** what is added to every sum of second derivatives (λ) */
  readonly decay: number;
}

/** First and second derivatives of the loss by each training row's score. */
export interface Derivatives {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/** A leaf of a finished tree. */
interface Leaf {
  readonly rows: Int32Array;
  readonly scored: Int32Array;
  readonly value: number;
}

/** Sums over rows: first derivatives, second derivatives, rows. */
type Sums = readonly [first: number, second: number, rows: number];

interface Split {
  readonly gain: number;
  readonly column: number;
  readonly threshold: number;
  readonly left: Sums;
}

interface Node {
  readonly first: number;
  readonly end: number;
  readonly firstScored: number;
  readonly endScored: number;
  readonly sums: Sums;
  /** [columns of the tree, 256, 3] first derivatives, second derivatives, rows of each bin */
  readonly histogram: Float64Array;
  readonly split: Split | null;
}

const binsOfColumn = 256;
const leastSecond = 1e-3;

/**
 * Grows one regression tree on derivatives, leaf by leaf, the split with the most gain first: scikit-learn's HistGradientBoosting
 * (1.9, grower.py and splitting.py), which follows LightGBM (Ke et al., 2017). A leaf's value is the Newton step −Σg / (Σh + λ). The
 * smaller of two children is counted, the other one is what remains of its parent.
 *
 * @param columns those that may split
 * @param histograms memory of earlier trees with as many columns, used anew; all of it is there again at the end
 */
export function growBoostedTree(
  training: Binned,
  scored: Binned,
  { first, second }: Derivatives,
  columns: Uint32Array,
  limits: TreeLimits,
  histograms: Float64Array[] = [],
): Leaf[] {
  const rows = Int32Array.from({ length: training.rows }, (_, i) => i);
  const scoredRows = Int32Array.from({ length: scored.rows }, (_, i) => i);
  const spare = new Int32Array(Math.max(rows.length, scoredRows.length));
  const counted = (from: number, end: number) =>
    fillHistogram(
      histograms.pop() ?? new Float64Array(columns.length * binsOfColumn * 3),
      training,
      rows.subarray(from, end),
      first,
      second,
      columns,
    );
  const nodeOf = (node: Omit<Node, "split">): Node => ({
    ...node,
    split: bestSplit(node.histogram, node.sums, columns, limits),
  });
  const all = counted(0, rows.length);
  const nodes = [
    nodeOf({
      first: 0,
      end: rows.length,
      firstScored: 0,
      endScored: scoredRows.length,
      sums: sumsOf(all),
      histogram: all,
    }),
  ];
  while (nodes.length < limits.leaves) {
    const node = mostGaining(nodes);
    if (node?.split == null) break;
    const { column, threshold, left } = node.split;
    const at = partition(rows, node.first, node.end, columnOf(training, column), threshold, spare);
    const atScored = partition(
      scoredRows,
      node.firstScored,
      node.endScored,
      columnOf(scored, column),
      threshold,
      spare,
    );
    const leftIsSmaller = at - node.first < node.end - at;
    const smaller = leftIsSmaller ? counted(node.first, at) : counted(at, node.end);
    const larger = without(node.histogram, smaller);
    const right: Sums = [node.sums[0] - left[0], node.sums[1] - left[1], node.sums[2] - left[2]];
    nodes.splice(
      nodes.indexOf(node),
      1,
      nodeOf({
        ...{ first: node.first, end: at, firstScored: node.firstScored, endScored: atScored },
        ...{ sums: left, histogram: leftIsSmaller ? smaller : larger },
      }),
      nodeOf({
        ...{ first: at, end: node.end, firstScored: atScored, endScored: node.endScored },
        ...{ sums: right, histogram: leftIsSmaller ? larger : smaller },
      }),
    );
  }
  histograms.push(...nodes.map(({ histogram }) => histogram));
  return nodes.map((node) => ({
    rows: rows.subarray(node.first, node.end),
    scored: scoredRows.subarray(node.firstScored, node.endScored),
    value: -node.sums[0] / (node.sums[1] + limits.decay + Number.EPSILON),
  }));
}

function mostGaining(nodes: readonly Node[]): Node | null {
  let best: Node | null = null;
  for (const node of nodes) if ((node.split?.gain ?? 0) > (best?.split?.gain ?? 0)) best = node;
  return best;
}

function fillHistogram(
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

function without(histogram: Float64Array, part: Float64Array): Float64Array {
  for (let i = 0; i < histogram.length; i++) histogram[i] = (histogram[i] as number) - (part[i] as number);
  return histogram;
}

/** Sums over all rows, which every column's bins hold. */
function sumsOf(histogram: Float64Array): Sums {
  let [first, second, rows] = [0, 0, 0];
  for (let at = 0; at < binsOfColumn * 3; at += 3) {
    first += histogram[at] as number;
    second += histogram[at + 1] as number;
    rows += histogram[at + 2] as number;
  }
  return [first, second, rows];
}

function bestSplit(
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

function columnOf({ rows, bins }: Binned, column: number): Uint8Array {
  return bins.subarray(column * rows, (column + 1) * rows);
}
