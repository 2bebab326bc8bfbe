import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { classWeights } from "../../../stages/train/class-weights.ts";
import { type Metrics, Tally } from "../../../stages/train/metrics.ts";

/** Made by scripts/metrics-golden.py with scikit-learn. */
interface Golden {
  cases: (Metrics & { classes: number; labels: number[]; logits: number[][]; balanced: number[] })[];
}

const { cases } = JSON.parse(
  await readFile(new URL("golden/metrics.json", import.meta.url), "utf8"),
) as Golden;

test.for(cases.map((one) => [one.classes, one] as const))(
  "loss, accuracy, top-5 and macro-F1 over %i classes are scikit-learn's",
  ([, { classes, labels, logits, ...expected }]) => {
    const tally = new Tally(classes);
    for (const [i, label] of labels.entries()) tally.add(Float32Array.from(logits[i] ?? []), label);
    const { loss, accuracy, top5, macroF1 } = tally.metrics();
    expect(tally.photos).toBe(labels.length);
    expect(loss).toBeCloseTo(expected.loss, 5);
    expect(accuracy).toBeCloseTo(expected.accuracy, 12);
    expect(top5).toBeCloseTo(expected.top5, 12);
    expect(macroF1).toBeCloseTo(expected.macroF1, 12);
  },
);

test.for(cases.map((one) => [one.classes, one] as const))(
  "balanced weights of %i classes are scikit-learn's, 0 for a class without photos",
  ([, { classes, labels, balanced }]) => {
    const counts = new Uint32Array(classes);
    for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
    const weights = classWeights(counts, "balanced");
    for (const [c, weight] of balanced.entries()) expect(weights[c]).toBeCloseTo(weight, 5);
  },
);

test("without class weights every example weighs 1", () => {
  expect(Array.from(classWeights(Uint32Array.of(3, 0, 9), "none"))).toEqual([1, 1, 1]);
});
