import type { Json } from "../../shared/artifacts/types.ts";
import { oneToTake } from "./advice.ts";
import { countRight } from "./score.ts";
import type { Parts } from "./parts.ts";
import type { Tried } from "./try-methods.ts";

/** Everything that was measured, for `--json`. */
export function recordOf({ results, leftOut }: Tried, parts: Parts, folds: number, seed: number): Json {
  return {
    folds,
    seed,
    photos: parts.training.labels.length,
    classes: parts.classes.length,
    features: [...parts.training.blocks],
    head: Object.fromEntries(
      parts.scored.map(({ name, labels, ofHead }) => [
        name,
        ofHead.every((guess) => guess === -1) ? null : countRight(ofHead, labels) / labels.length,
      ]),
    ),
    classifiers: results.map(({ method, candidates, best, parts: scored, seconds }) => ({
      name: method.name,
      settings: { ...best.settings },
      folds: foldsOf(best),
      candidates: candidates.map((each) => ({ settings: { ...each.settings }, ...foldsOf(each) })),
      ...Object.fromEntries(
        scored.map(({ part, score }) => [
          part.name,
          {
            photos: score.rows,
            accuracy: score.accuracy,
            low: score.interval.low,
            high: score.interval.high,
            logLoss: score.logLoss,
          },
        ]),
      ),
      seconds: { ...seconds },
    })),
    leftOut: leftOut.map(({ method, why }) => ({ name: method.name, why })),
    take: oneToTake(results)?.taken.method.name ?? null,
  };
}

function foldsOf({ accuracy, logLoss }: Tried["results"][number]["best"]) {
  return { accuracy: accuracy.mean, deviation: accuracy.deviation, logLoss };
}
