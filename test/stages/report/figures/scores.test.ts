import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { confusionOf } from "../../../../stages/report/figures/confusion.ts";
import { type Scores, scoresOf } from "../../../../stages/report/figures/scores.ts";
import { wilsonInterval } from "../../../../shared/wilson.ts";
import { answered } from "./answers.ts";

/** Made by scripts/make-report-goldens.py with scikit-learn. */
interface Golden extends Pick<Scores, "accuracy" | "balancedAccuracy" | "macroF1" | "top5" | "loss"> {
  labels: number[];
  probabilities: number[][];
  perClass: { precision: number | null; recall: number | null; f1: number | null; photos: number }[];
  confusion: number[];
}

const { cases } = JSON.parse(await readFile(new URL("../golden/scores.json", import.meta.url), "utf8")) as {
  cases: Golden[];
};
const named = cases.map((golden) => [golden.perClass.length, golden] as const);

test.for(named)("scores of %i classes together are scikit-learn's", ([, golden]) => {
  const scores = scoresOf(answered(golden.labels, golden.probabilities));
  expect(scores.photos).toBe(golden.labels.length);
  expect(scores.accuracy).toBeCloseTo(golden.accuracy, 12);
  expect(scores.balancedAccuracy).toBeCloseTo(golden.balancedAccuracy, 12);
  expect(scores.macroF1).toBeCloseTo(golden.macroF1, 12);
  expect(scores.top5).toBeCloseTo(golden.top5, 12);
  expect(scores.loss).toBeCloseTo(golden.loss, 3); // the probabilities are rounded
});

test.for(named)("scores of each of %i classes are scikit-learn's, null where it has none", ([, golden]) => {
  const { perClass } = scoresOf(answered(golden.labels, golden.probabilities));
  expect(perClass.map((one) => one.class)).toEqual([...golden.perClass.keys()]);
  for (const [c, expected] of golden.perClass.entries())
    for (const figure of ["precision", "recall", "f1", "photos"] as const) {
      const value = perClass[c]?.[figure] ?? null;
      if (expected[figure] === null) expect(value).toBeNull();
      else expect(value).toBeCloseTo(expected[figure], 12);
    }
});

test.for(named)("what was taken for what of %i classes is scikit-learn's", ([, golden]) => {
  const { counts } = confusionOf(answered(golden.labels, golden.probabilities));
  expect(Array.from(counts)).toEqual(golden.confusion);
});

test("the goldens have classes that never occur", () => {
  expect(cases.some(({ perClass }) => perClass.some(({ f1 }) => f1 === null))).toBe(true);
});

test("the accuracy's interval is Wilson's, of the photos that were recognised", () => {
  const scores = scoresOf(answered([0, 0, 1], [[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]])); // prettier-ignore
  expect(scores.interval).toEqual(wilsonInterval(1, 3));
});

test("a part without photos has no scores", () => {
  const { photos, accuracy, loss } = scoresOf({ ...answered([], []), classes: 2 });
  expect([photos, accuracy, loss]).toEqual([0, NaN, NaN]);
});
