import { bestOnFolds } from "./best-on-folds.ts";
import type { Candidate } from "./cross-validate.ts";
import type { Means } from "./computing.ts";
import { firstTwins, stratifiedFolds } from "./folds.ts";
import { type Matrix, rowsBetween, rowsOf } from "./matrix.ts";
import type { Answers, Method } from "./method.ts";
import type { Parts, ScoredPart } from "./parts.ts";
import { scoreOf, type Score } from "./score.ts";

/** What a part was answered, and how well. */
interface PartResult {
  readonly part: ScoredPart;
  readonly predicted: Int32Array;
  readonly score: Score;
}

/** A method, its hyper-parameters chosen by cross-validation, learnt on all training rows and scored once. */
export interface Result {
  readonly method: Method;
  readonly candidates: readonly Candidate[];
  readonly best: Candidate;
  readonly parts: readonly PartResult[];
  /** of the cross-validation, and of learning on all training rows and answering for the scored ones */
  readonly seconds: { readonly folds: number; readonly last: number };
}

/** A method that was left out, and why. */
interface LeftOut {
  readonly method: Method;
  readonly why: string;
}

export interface Tried {
  readonly results: readonly Result[];
  readonly leftOut: readonly LeftOut[];
}

/** Tries methods one after another on the same folds. */
export async function tryMethods(
  methods: readonly Method[],
  parts: Parts,
  features: Matrix,
  folds: number,
  means: Means,
): Promise<Tried> {
  const { training } = parts;
  const foldOf = stratifiedFolds(
    training.labels,
    training.classes,
    firstTwins(training.features),
    folds,
    means.seed,
  );
  const results: Result[] = [];
  const leftOut: LeftOut[] = [];
  for (const method of methods) {
    const why = method.refusal?.(training.labels.length) ?? null;
    if (why !== null) {
      means.progress.line(`${method.title} is left out: ${why}`);
      leftOut.push({ method, why });
    } else results.push(await tried(method, parts, features, foldOf, folds, means));
  }
  return { results, leftOut };
}

async function tried(
  method: Method,
  { training, scored }: Parts,
  features: Matrix,
  foldOf: Uint32Array,
  folds: number,
  means: Means,
): Promise<Result> {
  const fewest = training.labels.length - Math.ceil(training.labels.length / folds);
  const settings = method.settings(fewest, training.features.columns, training.classes);
  const started = performance.now();
  const { candidates, best, probabilitiesOf } = await bestOnFolds(method, training, foldOf, settings, means);
  const chosen = performance.now();
  const all = rowsOf(
    features,
    scored.flatMap(({ rows }) => rows),
  );
  const [answers] =
    all.rows === 0
      ? []
      : await method.answers(
          { ...training, training: training.features, scored: all },
          [best.settings],
          means,
        );
  const ended = performance.now();
  let first = 0;
  const parts = scored.map((part) => {
    const own = answersBetween(answers as Answers, first, (first += part.rows.length)); // there are rows
    return { part, predicted: own.predicted, score: scoreOf(own, part.labels, probabilitiesOf) };
  });
  const seconds = { folds: (chosen - started) / 1000, last: (ended - chosen) / 1000 };
  return { method, candidates, best, parts, seconds };
}

function answersBetween({ predicted, scores }: Answers, first: number, end: number): Answers {
  return { predicted: predicted.subarray(first, end), scores: rowsBetween(scores, first, end) };
}
