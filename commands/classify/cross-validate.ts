import { inParallel } from "../../shared/parallel.ts";
import { spreadOf, type Spread } from "../sweep/score.ts";
import { type Means, stopWhereAborted } from "./computing.ts";
import { type Matrix, rowsOf } from "./matrix.ts";
import type { Answers, Method, Problem, Settings } from "./method.ts";
import { scoreOf, toProbabilities, type ToProbabilities } from "./score.ts";

/** Labelled rows to learn from. */
export interface TrainingRows {
  readonly features: Matrix;
  readonly labels: Int32Array;
  readonly classes: number;
  readonly blocks: readonly number[];
}

/** Hyper-parameters and how they did on the folds. */
export interface Candidate {
  readonly settings: Settings;
  readonly accuracy: Spread;
  /** in nats, of all held-out rows */
  readonly logLoss: number;
}

export interface CrossValidated {
  /** in the order in which they were tried */
  readonly candidates: readonly Candidate[];
  /** the most accurate; of equally accurate ones that with the lower log loss */
  readonly best: Candidate;
  /** what makes the best one's scores probabilities */
  readonly probabilitiesOf: ToProbabilities;
}

/** Tries every hyper-parameter of a method on every fold. `folds` says which fold holds each row out. */
export async function crossValidate(
  method: Method,
  rows: TrainingRows,
  folds: Uint32Array,
  settings: readonly Settings[],
  means: Means,
): Promise<CrossValidated> {
  const count = folds.reduce((most, fold) => Math.max(most, fold), 0) + 1;
  const bar = means.progress.bar(method.title, count, "folds");
  const lanes = method.foldsAtOnce === true ? means.threads : 1;
  const held = Array.from({ length: count }, (_, fold) =>
    [...folds.keys()].filter((row) => folds[row] === fold),
  );
  const ofFolds = await inParallel(held, lanes, async (heldOut) => {
    stopWhereAborted(means.signal);
    const answers = await method.answers(without(heldOut, rows), settings, means);
    bar.advance();
    return answers;
  });
  bar.done();
  const tried = settings.map((each, i) =>
    candidateOf(
      each,
      method,
      rows,
      held,
      ofFolds.map((answers) => answers[i] as Answers), // one for each of the settings
    ),
  );
  const best = tried.reduce((a, b) => (isBetter(b.candidate, a.candidate) ? b : a));
  return {
    candidates: tried.map(({ candidate }) => candidate),
    best: best.candidate,
    probabilitiesOf: best.probabilitiesOf,
  };
}

function without(heldOut: readonly number[], { features, labels, classes, blocks }: TrainingRows): Problem {
  const out = new Set(heldOut);
  const kept = Int32Array.from(labels.keys()).filter((row) => !out.has(row));
  return {
    training: rowsOf(features, kept),
    labels: kept.map((row) => labels[row] as number),
    classes,
    blocks,
    scored: rowsOf(features, heldOut),
  };
}

function candidateOf(
  settings: Settings,
  method: Method,
  { labels, classes }: TrainingRows,
  held: readonly (readonly number[])[],
  answers: readonly Answers[],
): { candidate: Candidate; probabilitiesOf: ToProbabilities } {
  const labelsOf = (rows: readonly number[]) => Int32Array.from(rows, (row) => labels[row] as number);
  const all = held.flat();
  const scores: Matrix = {
    rows: all.length,
    columns: classes,
    data: new Float32Array(all.length * classes),
  };
  let at = 0;
  for (const { scores: each } of answers) {
    scores.data.set(each.data, at);
    at += each.data.length;
  }
  const probabilitiesOf = toProbabilities(method.scores, scores, labelsOf(all));
  const ofFolds = answers.map((each, fold) => scoreOf(each, labelsOf(held[fold] ?? []), probabilitiesOf));
  const logLoss = ofFolds.reduce((sum, score) => sum + score.logLoss * score.rows, 0) / all.length;
  return {
    candidate: { settings, accuracy: spreadOf(ofFolds.map(({ accuracy }) => accuracy)), logLoss },
    probabilitiesOf,
  };
}

/** More accurate; of equally accurate ones the one with the lower log loss. */
export function isBetter(a: Candidate, b: Candidate): boolean {
  return a.accuracy.mean === b.accuracy.mean ? a.logLoss < b.logLoss : a.accuracy.mean > b.accuracy.mean;
}
