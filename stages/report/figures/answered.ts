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

/** The probabilities of one photo, a view on the array. */
export function answerOf({ probabilities, classes }: AnsweredPhotos, photo: number): Float32Array {
  return probabilities.subarray(photo * classes, (photo + 1) * classes);
}

/** The number of the largest probability; of equal ones the first. */
export function mostProbable(answer: Float32Array): number {
  return mostProbableBut(answer, -1);
}

/** The same with one class left out. */
export function mostProbableBut(answer: Float32Array, leftOut: number): number {
  let best = -1;
  for (let c = 0; c < answer.length; c++)
    if (c !== leftOut && (best === -1 || (answer[c] as number) > (answer[best] as number))) best = c;
  return best;
}
