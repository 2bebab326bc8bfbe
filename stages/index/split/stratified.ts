import { classesOf } from "./classes.ts";
import { randomState, type RandomState } from "./random-state.ts";

/**
 * Which rows go to the validation part: those that `StratifiedShuffleSplit(n_splits=1,
 * test_size=fraction, random_state=seed)` puts into its test set, row for row.
 *
 * Source: scikit-learn 1.9, `sklearn/model_selection/_split.py` (`StratifiedShuffleSplit`,
 * `_validate_shuffle_split`).
 *
 * @param labels one a row, in listed order
 * @param fraction of the rows for validation, in (0, 1)
 * @param seed a whole number in [0, 2³²)
 * @returns for each row, whether it is a validation row
 * @throws RangeError where scikit-learn refuses them (`canStratify`)
 */
export function stratifiedSplit(labels: readonly string[], fraction: number, seed: number): boolean[] {
  if (!canStratify(labels, fraction)) throw new RangeError("scikit-learn splits no such labels");
  const { members } = classesOf(labels);
  const validation = Math.ceil(fraction * labels.length);
  const train = labels.length - validation;

  const random = randomState(seed);
  const counts = members.map((rows) => rows.length);
  const forTrain = approximateMode(counts, train, random);
  const left = counts.map((count, i) => count - (forTrain[i] as number));
  const forValidation = approximateMode(left, validation, random);

  const isValidation = labels.map(() => false);
  members.forEach((rows, i) => {
    const first = forTrain[i] as number;
    const order = random.permutation(rows.length);
    for (const place of order.subarray(first, first + (forValidation[i] as number)))
      isValidation[rows[place] as number] = true;
  });
  return isValidation;
}

/**
 * Whether scikit-learn makes a stratified split of these labels: every class has two rows at least,
 * and each part room for a row of each class.
 */
export function canStratify(labels: readonly string[], fraction: number): boolean {
  const { members } = classesOf(labels);
  const validation = Math.ceil(fraction * labels.length);
  const room = Math.min(validation, labels.length - validation);
  return members.every((rows) => rows.length > 1) && room >= members.length;
}

/**
 * How many rows of each class to draw: the likeliest outcome of drawing `draws` of all rows, to
 * within one, ties broken at random.
 *
 * Source: scikit-learn 1.9, `sklearn/utils/extmath.py` (`_approximate_mode`).
 *
 * @param counts rows of each class
 * @param draws at most their sum
 */
export function approximateMode(
  counts: readonly number[],
  draws: number,
  random: Pick<RandomState, "choice">,
): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const exact = counts.map((count) => (count / total) * draws);
  const drawn = exact.map(Math.floor);
  const remainders = exact.map((value, i) => value - (drawn[i] as number));
  let missing = draws - drawn.reduce((sum, count) => sum + count, 0);
  const largestFirst = [...new Set(remainders)].sort((a, b) => b - a);
  for (const remainder of largestFirst) {
    if (missing <= 0) break;
    const tied = counts.flatMap((_, i) => (remainders[i] === remainder ? [i] : []));
    const added = random.choice(tied, Math.min(tied.length, missing));
    for (const i of added) drawn[i] = (drawn[i] as number) + 1;
    missing -= added.length;
  }
  return drawn;
}
