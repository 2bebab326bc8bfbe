import { createHash } from "node:crypto";
import { permutation, randomFor } from "../../shared/random.ts";
import type { Matrix } from "./matrix.ts";

/**
 * The fold, in [0, count), of each row: the rows of each class are dealt out in an order that the seed decides, each class from where the
 * one before it ended, so that folds differ by one row at most in each class and in all (as scikit-learn's StratifiedKFold with shuffle, its
 * random numbers apart). A row that has a twin before it goes where that one is.
 *
 * @param labels the number of each row's class
 * @param twins the first row with the same features, which may be the row itself: `firstTwins`
 */
export function stratifiedFolds(
  labels: Int32Array,
  classes: number,
  twins: Uint32Array,
  count: number,
  seed: number,
): Uint32Array {
  const rowsOfClass = Array.from({ length: classes }, (): number[] => []);
  for (const [row, label] of labels.entries()) if (twins[row] === row) rowsOfClass[label]?.push(row);
  const folds = new Uint32Array(labels.length);
  let next = 0;
  for (const [label, rows] of rowsOfClass.entries())
    for (const place of permutation(rows.length, randomFor("folds", seed, label)))
      folds[rows[place] as number] = next++ % count;
  return folds.map((_, row) => folds[twins[row] as number] as number);
}

/** The first row whose features are the very same as each row's: photos with the same bytes have the same features. */
export function firstTwins({ rows, columns, data }: Matrix): Uint32Array {
  const first = new Map<string, number>();
  return Uint32Array.from({ length: rows }, (_, row) => {
    const digest = createHash("sha256")
      .update(data.subarray(row * columns, (row + 1) * columns))
      .digest("base64");
    const twin = first.get(digest) ?? row;
    first.set(digest, twin);
    return twin;
  });
}
