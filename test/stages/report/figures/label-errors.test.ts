import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { labelErrors, mostDoubtful } from "../../../../stages/report/figures/label-errors.ts";
import { answered } from "./answers.ts";

/** Made by scripts/make-label-error-goldens.py with cleanlab. */
interface Golden {
  labels: number[];
  probabilities: number[][];
  thresholds: number[];
  joint: number[];
  issues: number[];
  selfConfidence: number[];
  margin: number[];
}

const { cases } = JSON.parse(
  await readFile(new URL("../golden/label-errors.json", import.meta.url), "utf8"),
) as { cases: Golden[] };
const named = cases.map((golden) => [golden.thresholds.length, golden] as const);

test.for(named)("thresholds and confident joint of %i classes are cleanlab's", ([, golden]) => {
  const { thresholds, confidentJoint } = labelErrors(answered(golden.labels, golden.probabilities));
  for (const [c, expected] of golden.thresholds.entries()) expect(thresholds[c]).toBeCloseTo(expected, 5);
  expect(Array.from(confidentJoint)).toEqual(golden.joint);
});

test.for(named)("the suspected labels of %i classes are cleanlab's", ([, golden]) => {
  const { ranked, suspected } = labelErrors(answered(golden.labels, golden.probabilities));
  const rows = ranked.filter((photo) => photo.suspected).map(({ row }) => row - 100);
  expect(rows.sort((a, b) => a - b)).toEqual(golden.issues);
  expect(suspected).toBe(golden.issues.length);
});

test.for(named)(
  "self-confidence and margin of %i classes are cleanlab's, the least confidence first",
  ([, golden]) => {
    const { ranked } = labelErrors(answered(golden.labels, golden.probabilities));
    for (const { row, selfConfidence, margin } of ranked) {
      expect(selfConfidence).toBeCloseTo(golden.selfConfidence[row - 100] ?? NaN, 5);
      expect(margin).toBeCloseTo(golden.margin[row - 100] ?? NaN, 5);
    }
    const confidences = ranked.map((photo) => photo.selfConfidence);
    expect(confidences).toEqual(confidences.toSorted((a, b) => a - b));
  },
);

test("a class of which no photo is labelled so has no threshold, and no photo is confidently of it", () => {
  const errors = labelErrors(answered([0, 0, 1], [[0.6, 0.1, 0.3], [0.1, 0.1, 0.8], [0.2, 0.7, 0.1]])); // prettier-ignore
  expect(errors.thresholds[2]).toBeNaN();
  expect([0, 3, 6].map((given) => errors.confidentJoint[given + 2])).toEqual([0, 0, 0]);
  expect(errors.suspected).toBe(0);
});

test("a label that is still the most probable one is not suspected", () => {
  // Class 0 is recognised so surely that 0.55 is little; class 1 so hardly that 0.45 is much.
  const errors = labelErrors(answered([0, 0, 0, 1], [[0.99, 0.01], [0.99, 0.01], [0.55, 0.45], [0.6, 0.4]])); // prettier-ignore
  expect(Array.from(errors.confidentJoint)).toEqual([2, 1, 0, 1]);
  expect(errors.suspected).toBe(0);
});

test("of the labels a share is listed, the most doubtful, with what they are likelier to be", () => {
  const errors = labelErrors(answered([0, 1, 1], [[0.75, 0.25], [0.875, 0.125], [0.5, 0.5]])); // prettier-ignore
  expect(mostDoubtful(errors, 0.5).map(({ row, likely, margin }) => [row, likely, margin])).toEqual([
    [101, 0, -0.75],
    [102, 0, 0],
  ]);
  expect(mostDoubtful(errors, 0)).toEqual([]);
});
