import type { Interval } from "../../../shared/wilson.ts";
import { wilsonInterval } from "../../../shared/wilson.ts";
import { mcnemarExact } from "../../../shared/mcnemar.ts";

/** What a run said of one photo that it was validated on. Classes by their names: two runs may number them differently. */
export interface Judgement {
  readonly truth: string;
  readonly guess: string;
  /** of the guess */
  readonly probability: number;
}

/** A run as it is compared: what it said of its validation photos, by their sha256. */
export interface ComparedRun {
  /** how people call it: a run's name, or the beginning of a key */
  readonly name: string;
  readonly judgements: ReadonlyMap<string, Judgement>;
}

/** How a run did on the photos that both were validated on. */
interface ComparedScore {
  readonly name: string;
  readonly right: number;
  readonly accuracy: number;
  readonly interval: Interval;
}

/** A class on which two runs differ. */
export interface ComparedClass {
  readonly name: string;
  readonly photos: number;
  /** shares of the photos that were recognised, by this run and by the other */
  readonly recall: number;
  readonly otherRecall: number;
}

/** A photo that one run gets right and the other wrong. */
export interface Disagreement {
  readonly sha256: string;
  readonly own: Judgement;
  readonly other: Judgement;
}

/** A setting in which two runs differ; "" where one has it not. */
export interface DifferingSetting {
  readonly stage: string;
  readonly field: string;
  readonly own: string;
  readonly other: string;
}

/** Two runs side by side. */
export interface Comparison {
  readonly settings: readonly DifferingSetting[];
  /** how many photos both were validated on, with the same label */
  readonly photos: number;
  /** how many each was validated on */
  readonly validated: { readonly own: number; readonly other: number };
  readonly own: ComparedScore;
  readonly other: ComparedScore;
  readonly bothRight: number;
  readonly bothWrong: number;
  /** photos that only this run gets right, and those that only the other does; the surest mistakes first */
  readonly onlyOwn: readonly Disagreement[];
  readonly onlyOther: readonly Disagreement[];
  /** of McNemar's exact test */
  readonly pValue: number;
  /** every class of the shared photos, the greatest difference first */
  readonly classes: readonly ComparedClass[];
}

/** Sets two runs side by side on the photos that both were validated on, which pairs them. */
export function compared(
  own: ComparedRun,
  other: ComparedRun,
  settings: readonly DifferingSetting[],
): Comparison {
  const shared = [...own.judgements].flatMap(([sha256, judgement]): Disagreement[] => {
    const second = other.judgements.get(sha256);
    return second?.truth === judgement.truth ? [{ sha256, own: judgement, other: second }] : [];
  });
  const onlyOwn = shared.filter((each) => isRight(each.own) && !isRight(each.other));
  const onlyOther = shared.filter((each) => !isRight(each.own) && isRight(each.other));
  return {
    settings,
    photos: shared.length,
    validated: { own: own.judgements.size, other: other.judgements.size },
    own: scoreOf(
      own.name,
      shared.map((each) => each.own),
    ),
    other: scoreOf(
      other.name,
      shared.map((each) => each.other),
    ),
    bothRight: shared.filter((each) => isRight(each.own) && isRight(each.other)).length,
    bothWrong: shared.filter((each) => !isRight(each.own) && !isRight(each.other)).length,
    onlyOwn: onlyOwn.sort((a, b) => b.other.probability - a.other.probability),
    onlyOther: onlyOther.sort((a, b) => b.own.probability - a.own.probability),
    pValue: mcnemarExact(onlyOwn.length, onlyOther.length),
    classes: classesOf(shared),
  };
}

function isRight({ truth, guess }: Judgement): boolean {
  return truth === guess;
}

function scoreOf(name: string, judgements: readonly Judgement[]): ComparedScore {
  const right = judgements.filter(isRight).length;
  const photos = judgements.length;
  return { name, right, accuracy: right / photos, interval: wilsonInterval(right, photos) };
}

function classesOf(shared: readonly Disagreement[]): ComparedClass[] {
  const byClass = new Map<string, Disagreement[]>();
  for (const each of shared) byClass.set(each.own.truth, [...(byClass.get(each.own.truth) ?? []), each]);
  const classes = [...byClass].map(([name, members]) => ({
    name,
    photos: members.length,
    recall: members.filter(({ own }) => isRight(own)).length / members.length,
    otherRecall: members.filter(({ other }) => isRight(other)).length / members.length,
  }));
  const difference = ({ recall, otherRecall }: ComparedClass) => Math.abs(recall - otherRecall);
  return classes.sort((a, b) => difference(b) - difference(a) || (a.name < b.name ? -1 : 1));
}
