import { permutation, randomFor } from "../../../shared/random.ts";
import { at } from "../../../shared/at.ts";
import { classesOf } from "./classes.ts";

/**
 * Which rows go to the validation part where each class is split by itself: its share, rounded, but
 * one row at least where it has two, and never all. Which ones is a function of the seed and the
 * class's name.
 *
 * @param labels one a row
 * @param fraction of each class's rows for validation, in (0, 1)
 * @returns for each row, whether it is a validation row
 */
export function perClassSplit(labels: readonly string[], fraction: number, seed: number): boolean[] {
  const { names, members } = classesOf(labels);
  const isValidation = labels.map(() => false);
  for (const [i, rows] of members.entries()) {
    const wanted = Math.max(1, Math.round(fraction * rows.length));
    const count = Math.min(wanted, rows.length - 1);
    const order = permutation(rows.length, randomFor("split", seed, at(names, i)));
    for (const place of order.subarray(0, count)) isValidation[at(rows, place)] = true;
  }
  return isValidation;
}
