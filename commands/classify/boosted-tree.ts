import type { Binned } from "./bins.ts";
import {
  bestSplit,
  fillHistogram,
  newHistogram,
  type Split,
  type Sums,
  sumsOf,
  type TreeLimits,
  without,
} from "./histogram.ts";
import { partition } from "./partition.ts";

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

interface Node {
  readonly first: number;
  readonly end: number;
  readonly firstScored: number;
  readonly endScored: number;
  readonly sums: Sums;
  readonly histogram: Float64Array;
  readonly split: Split | null;
}

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
      histograms.pop() ?? newHistogram(columns.length),
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

function columnOf({ rows, bins }: Binned, column: number): Uint8Array {
  return bins.subarray(column * rows, (column + 1) * rows);
}
