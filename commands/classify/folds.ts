import { permutation, randomFor } from "../../shared/random.ts";

/**
 * The fold, in [0, count), of each row: the rows of each class are dealt out in an order that the seed decides, each class from where the
 * one before it ended, so that folds differ by one row at most in each class and in all (as scikit-learn's StratifiedKFold with shuffle, its
 * random numbers apart).
 *
 * @param labels the number of each row's class
 */
export function stratifiedFolds(
  labels: Int32Array,
  classes: number,
  count: number,
  seed: number,
): Uint32Array {
  const rowsOfClass = Array.from({ length: classes }, (): number[] => []);
  for (const [row, label] of labels.entries()) rowsOfClass[label]?.push(row);
  const folds = new Uint32Array(labels.length);
  let next = 0;
  for (const [label, rows] of rowsOfClass.entries())
    for (const place of permutation(rows.length, randomFor("folds", seed, label)))
      folds[rows[place] as number] = next++ % count;
  return folds;
}
