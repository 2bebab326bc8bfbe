import { answerOf, mostProbable, mostProbableBut, type AnsweredPhotos } from "./answered.ts";

/** One photo and what the classifier says of it. */
export interface JudgedPhoto {
  /** its row number in the index */
  readonly row: number;
  readonly truth: number;
  /** the most probable class */
  readonly guess: number;
  /** of the guess */
  readonly probability: number;
  /** of the true class */
  readonly truthProbability: number;
  /** the second most probable class */
  readonly second: number;
  /** of the second */
  readonly secondProbability: number;
}

/** The photos that are most surely taken for something else: highest probability of a wrong guess first. */
export function mostWrong(answered: AnsweredPhotos, count: number): JudgedPhoto[] {
  return judged(answered)
    .filter(({ truth, guess }) => truth !== guess)
    .sort((a, b) => b.probability - a.probability)
    .slice(0, count);
}

/** The photos between two classes: smallest difference of the two highest probabilities first. */
export function mostUnsure(answered: AnsweredPhotos, count: number): JudgedPhoto[] {
  const difference = (photo: JudgedPhoto) => photo.probability - photo.secondProbability;
  return judged(answered)
    .sort((a, b) => difference(a) - difference(b))
    .slice(0, count);
}

/** Every photo, in index order. A set with one class has no second: there it is the guess again. */
function judged(answered: AnsweredPhotos): JudgedPhoto[] {
  return Array.from(answered.rows, (row, photo) => {
    const truth = answered.labels[photo] as number;
    const answer = answerOf(answered, photo);
    const guess = mostProbable(answer);
    const second = answered.classes > 1 ? mostProbableBut(answer, guess) : guess;
    return {
      ...{ row, truth, guess, second },
      probability: answer[guess] as number,
      truthProbability: answer[truth] as number,
      secondProbability: answer[second] as number,
    };
  });
}
