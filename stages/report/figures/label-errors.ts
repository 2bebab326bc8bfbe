import { answerOf, mostProbableBut, type AnsweredPhotos } from "./answered.ts";

/** A training photo and how its given label fares with a classifier that has not seen it. */
export interface LabelledPhoto {
  /** its row number in the index */
  readonly row: number;
  /** the class that its label says */
  readonly given: number;
  /** the class that it probably is: the most probable of the others */
  readonly likely: number;
  /** probability of the given class */
  readonly selfConfidence: number;
  /** probability of the given class less that of the most probable other, in [−1, 1] */
  readonly margin: number;
  /** whether confident learning counts it as mislabelled */
  readonly suspected: boolean;
}

/** What confident learning says of the labels. */
export interface LabelErrors {
  /** of each class, the mean probability of it among the photos labelled so; NaN where there are none */
  readonly thresholds: Float64Array;
  /** [given, likely]: photos that are confidently of a class */
  readonly confidentJoint: Uint32Array;
  /** how many are counted as mislabelled */
  readonly suspected: number;
  /**
   * every photo, the label that the classifier believes least first. On `clothing` with labels flipped on purpose, to any class or
   * to one that it is taken for, this finds more of them than the margin does (bench/label-errors.ts).
   */
  readonly ranked: readonly LabelledPhoto[];
}

/**
 * Finds labels that are probably wrong by confident learning.
 *
 * Source: Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", 2021.
 *
 * @param outOfFold calibrated probabilities of photos from classifiers that were not trained on them
 */
export function labelErrors(outOfFold: AnsweredPhotos): LabelErrors {
  const { rows, labels, classes } = outOfFold;
  const thresholds = meanSelfConfidence(outOfFold);
  const confidentJoint = new Uint32Array(classes * classes);
  const photos = Array.from(rows, (row, photo) => {
    const given = labels[photo] as number;
    const answer = answerOf(outOfFold, photo);
    const confident = confidentClass(answer, thresholds);
    if (confident !== null) {
      const cell = given * classes + confident;
      confidentJoint[cell] = (confidentJoint[cell] as number) + 1;
    }
    const photoStanding = standing(row, given, answer);
    // Where the given label is the most probable one all the same, nothing is wrong with it.
    const doubtful = confident !== null && confident !== given && photoStanding.margin < 0;
    return { ...photoStanding, suspected: doubtful };
  });
  return {
    ...{ thresholds, confidentJoint },
    suspected: photos.filter(({ suspected }) => suspected).length,
    ranked: photos.sort((a, b) => a.selfConfidence - b.selfConfidence),
  };
}

/** What the classifier has to say of a photo to be sure of a class: as much as it says, on average, of those labelled so. */
function meanSelfConfidence(outOfFold: AnsweredPhotos): Float64Array {
  const { labels, classes } = outOfFold;
  const [sums, counts] = [new Float64Array(classes), new Float64Array(classes)];
  labels.forEach((label, photo) => {
    sums[label] = (sums[label] as number) + (answerOf(outOfFold, photo)[label] as number);
    counts[label] = (counts[label] as number) + 1;
  });
  return sums.map((sum, c) => sum / (counts[c] as number));
}

/** The most probable of the classes whose thresholds are reached; null where none is. */
function confidentClass(answer: Float32Array, thresholds: Float64Array): number | null {
  let best: number | null = null;
  for (let c = 0; c < answer.length; c++) {
    const probability = answer[c] as number;
    const reached = probability >= (thresholds[c] as number) - rounding;
    if (reached && (best === null || probability > (answer[best] as number))) best = c;
  }
  return best;
}

/** Between a probability in float32 and a mean of such: a class whose photos all have the same one reaches its threshold. */
const rounding = 1e-6;

function standing(row: number, given: number, answer: Float32Array): Omit<LabelledPhoto, "suspected"> {
  const likely = answer.length > 1 ? mostProbableBut(answer, given) : given;
  const selfConfidence = answer[given] as number;
  return { row, given, likely, selfConfidence, margin: selfConfidence - (answer[likely] as number) };
}

/** The most doubtful share of the labels, rounded up. */
export function mostDoubtful({ ranked }: LabelErrors, share: number): readonly LabelledPhoto[] {
  return ranked.slice(0, Math.ceil(share * ranked.length));
}
