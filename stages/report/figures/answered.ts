import type { IndexedPhotos, Split } from "../../../shared/photos.ts";

/** Labelled photos and what the classifier says of them. */
export interface AnsweredPhotos {
  /** the photos' row numbers in the index */
  readonly rows: Int32Array;
  /** numbers of their classes */
  readonly labels: Int32Array;
  /** [photos, classes], each row sums to 1 */
  readonly probabilities: Float32Array;
  /** how many there are */
  readonly classes: number;
}

/**
 * The labelled photos of one part of the set.
 *
 * @param probabilities of all photos, [photos, classes], in index order
 */
export function answeredPart(
  photos: IndexedPhotos,
  probabilities: Float32Array,
  part: Split,
): AnsweredPhotos {
  const classes = photos.classes.length;
  const rows = Int32Array.from(photos.splits.flatMap((split, row) => (split === part ? [row] : [])));
  const own = new Float32Array(rows.length * classes);
  rows.forEach((row, i) => {
    own.set(probabilities.subarray(row * classes, (row + 1) * classes), i * classes);
  });
  return { rows, labels: rows.map((row) => photos.labels[row] as number), probabilities: own, classes };
}

/** The probabilities of one photo, a view on the array. */
export function answerOf({ probabilities, classes }: AnsweredPhotos, photo: number): Float32Array {
  return probabilities.subarray(photo * classes, (photo + 1) * classes);
}
