import { classesOf } from "./classes.ts";
import { randomState } from "./random-state.ts";

/**
 * Which rows go to the validation part where groups must stay whole. Groups are taken in random order, and each goes to
 * validation if that brings the classes' shares there nearer to `fraction`: the sum over classes of
 * (rows there - rows wanted)² / rows wanted must fall. Groups of one row each give exactly the rows wanted; a group
 * that holds most of a class stays in training.
 *
 * The idea of a greedy choice over class counts is StratifiedGroupKFold's (scikit-learn); the cost is ours.
 *
 * @param labels one a row
 * @param groups one a row; null: a group of its own
 * @param fraction of each class's rows for validation, in (0, 1)
 * @param seed a whole number in [0, 2³²)
 */
export function groupedSplit(
  labels: readonly string[],
  groups: readonly (string | null)[],
  fraction: number,
  seed: number,
): boolean[] {
  const { members } = classesOf(labels);
  const classOf = new Int32Array(labels.length);
  members.forEach((rows, i) => {
    for (const row of rows) classOf[row] = i;
  });
  const wanted = members.map((rows) => rows.length * fraction);
  const there = wanted.map(() => 0);
  const isValidation = labels.map(() => false);
  const blocks = blocksOf(groups);
  for (const place of randomState(seed).permutation(blocks.length)) {
    const rows = blocks[place] as readonly number[];
    const added = countsBy(rows, classOf);
    let change = 0;
    for (const [i, count] of added) {
      const target = wanted[i] as number;
      const before = (there[i] as number) - target;
      change += ((before + count) ** 2 - before ** 2) / target;
    }
    if (change >= 0) continue;
    for (const [i, count] of added) there[i] = (there[i] as number) + count;
    for (const row of rows) isValidation[row] = true;
  }
  return isValidation;
}

/** The rows of each group, in order of first appearance. */
function blocksOf(groups: readonly (string | null)[]): (readonly number[])[] {
  const named = new Map<string, number[]>();
  const blocks: (readonly number[])[] = [];
  groups.forEach((group, row) => {
    const rows = group === null ? undefined : named.get(group);
    if (rows !== undefined) {
      rows.push(row);
      return;
    }
    const block = [row];
    if (group !== null) named.set(group, block);
    blocks.push(block);
  });
  return blocks;
}

function countsBy(rows: readonly number[], classOf: Int32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const row of rows) {
    const i = classOf[row] as number;
    counts.set(i, (counts.get(i) ?? 0) + 1);
  }
  return counts;
}
