import { permutation, type Random, randomFor } from "../../shared/random.ts";
import type { Binned } from "./bins.ts";
import { purestSplit, type Split, splitScratch, type SplitScratch } from "./gini-split.ts";
import { partition } from "./partition.ts";

/** Some trees of a forest. */
export interface TreesTask {
  readonly training: Binned;
  /** of the training rows */
  readonly labels: Int32Array;
  readonly classes: number;
  readonly scored: Binned;
  readonly seed: number;
  /** numbers of the trees, from `first` to before `end` */
  readonly first: number;
  readonly end: number;
  /** how many columns are looked at for a split */
  readonly columnsTried: number;
  /** the fewest rows of a leaf */
  readonly leastRows: number;
}

/**
 * Grows trees as scikit-learn's RandomForestClassifier does (Breiman, "Random Forests", 2001): each on rows drawn with replacement, every split
 * the purest by Gini's index among some columns drawn anew, until the leaves are pure. The scored rows go down with the training rows, so that
 * no tree is kept.
 *
 * @returns [scored rows, classes] the trees' probabilities, summed
 */
export function growTrees(task: TreesTask): Float32Array {
  const sums = new Float32Array(task.scored.rows * task.classes);
  const scratch = splitScratch(task.training.rows, task.classes);
  for (let tree = task.first; tree < task.end; tree++)
    growTree(task, randomFor("forest", task.seed, tree), sums, scratch);
  return sums;
}

/** Training and scored rows that share a node. */
interface Node {
  readonly first: number;
  readonly end: number;
  readonly firstScored: number;
  readonly endScored: number;
}

function growTree(task: TreesTask, random: Random, sums: Float32Array, scratch: SplitScratch): void {
  const { training, scored, labels, classes } = task;
  const rows = Int32Array.from({ length: training.rows }, () => Math.floor(random() * training.rows));
  const scoredRows = Int32Array.from({ length: scored.rows }, (_, i) => i);
  const spare = new Int32Array(Math.max(rows.length, scoredRows.length));
  const columns = permutation(training.columns, random);
  const totals = new Int32Array(classes);
  const open: Node[] = [{ first: 0, end: rows.length, firstScored: 0, endScored: scoredRows.length }];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { first, end, firstScored, endScored } = node;
    if (endScored === firstScored) continue; // nobody asks what is below
    totals.fill(0);
    for (let i = first; i < end; i++) {
      const label = labels[rows[i] as number] as number;
      totals[label] = (totals[label] as number) + 1;
    }
    const split = splitOf(task, { rows, first, end }, totals, columns, random, scratch);
    if (split === null) {
      addShares(sums, scoredRows.subarray(firstScored, endScored), totals, end - first);
      continue;
    }
    const { column, threshold } = split;
    const at = partition(rows, first, end, columnOf(training, column), threshold, spare);
    const atScored = partition(
      scoredRows,
      firstScored,
      endScored,
      columnOf(scored, column),
      threshold,
      spare,
    );
    open.push({ first: at, end, firstScored: atScored, endScored });
    open.push({ first, end: at, firstScored, endScored: atScored });
  }
}

/**
 * The best split by some columns drawn at random, and by more where none of those splits the rows; null for a pure node.
 *
 * @param columns all columns, in an order that the draws change
 */
function splitOf(
  { training, labels, columnsTried, leastRows }: TreesTask,
  segment: { readonly rows: Int32Array; readonly first: number; readonly end: number },
  totals: Int32Array,
  columns: Uint32Array,
  random: Random,
  scratch: SplitScratch,
): Split | null {
  const count = segment.end - segment.first;
  let squares = 0;
  for (const total of totals) squares += total * total;
  if (squares === count * count || count < 2 * leastRows) return null;
  let best: Split | null = null;
  for (let drawn = 0; drawn < columns.length && (drawn < columnsTried || best === null); drawn++) {
    const pick = drawn + Math.floor(random() * (columns.length - drawn));
    const column = columns[pick] as number;
    columns[pick] = columns[drawn] as number;
    columns[drawn] = column;
    const bins = columnOf(training, column);
    const found = purestSplit(column, segment, bins, labels, totals, squares, leastRows, scratch);
    if (found !== null && (best === null || found.purity > best.purity)) best = found;
  }
  return best;
}

function columnOf({ rows, bins }: Binned, column: number): Uint8Array {
  return bins.subarray(column * rows, (column + 1) * rows);
}

function addShares(sums: Float32Array, scored: Int32Array, totals: Int32Array, count: number): void {
  for (const [label, total] of totals.entries()) {
    if (total === 0) continue;
    for (const row of scored) {
      const at = row * totals.length + label;
      sums[at] = (sums[at] as number) + total / count;
    }
  }
}
