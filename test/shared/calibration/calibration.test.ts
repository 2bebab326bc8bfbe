import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import {
  calibrationNoiseFloor,
  expectedCalibrationError,
} from "../../../shared/calibration/calibration-error.ts";
import { logLoss, logLossOfLogits } from "../../../shared/calibration/log-loss.ts";
import { softmaxRows } from "../../../shared/calibration/softmax.ts";
import { fitTemperature } from "../../../shared/calibration/temperature.ts";
import { randomFor } from "../../../shared/random.ts";

/** scripts/calibration-golden.py */
const golden = JSON.parse(
  readFileSync(path.join(import.meta.dirname, "golden/calibration.json"), "utf8"),
) as {
  classes: number;
  logits: number[];
  labels: number[];
  softmax: number[];
  logLoss: number;
  temperature: number;
  temperatureWithoutSmoothing: number;
  calibrationError: { ece: number; bins: [number, number | null, number | null][] };
};
const { classes, labels } = golden;
const logits = Float32Array.from(golden.logits);

test("softmax over a temperature is SciPy's", () => {
  const own = softmaxRows(logits.subarray(0, 4 * classes), classes, 1.7);
  for (const [i, p] of own.entries()) expect(p).toBeCloseTo(golden.softmax[i] ?? NaN, 6);
});

test("logits too large for exp still make probabilities", () => {
  const own = softmaxRows(Float32Array.of(2000, 1000, -3000), 3);
  expect([...own]).toEqual([1, 0, 0]);
});

test("the log loss is scikit-learn's, from probabilities and from logits", () => {
  expect(logLoss(softmaxRows(logits, classes), labels, classes)).toBeCloseTo(golden.logLoss, 6);
  expect(logLossOfLogits(logits, labels, classes)).toBeCloseTo(golden.logLoss, 6);
});

test("a sure mistake is no infinite loss, and of logits it counts in full", () => {
  const sure = Float32Array.of(1000, 0);
  expect(logLoss(softmaxRows(sure, 2), [1], 2)).toBeCloseTo(23 * Math.log(2), 6);
  expect(logLossOfLogits(sure, [1], 2)).toBeCloseTo(1000, 6);
});

test("the temperature is the one that SciPy's minimiser finds", () => {
  expect(fitTemperature(logits, labels, classes)).toBeCloseTo(golden.temperature, 6);
});

test("repeated photos drown the one photo that could be anything", () => {
  const often = Float32Array.from({ length: 50 * logits.length }, (_, i) => logits[i % logits.length] ?? NaN);
  const theirs = Int32Array.from({ length: 50 * labels.length }, (_, i) => labels[i % labels.length] ?? NaN);
  const own = fitTemperature(often, theirs, classes);
  expect(Math.abs(own / golden.temperatureWithoutSmoothing - 1)).toBeLessThan(1e-3);
});

test("logits multiplied by a factor have a temperature multiplied by it", () => {
  const hot = logits.map((logit) => 3 * logit);
  expect(fitTemperature(hot, labels, classes) / golden.temperature).toBeCloseTo(3, 5);
});

test("few photos, all recognised, do not ask for certainty; all mistaken, they end at the highest", () => {
  const right = Float32Array.from({ length: 40 }, (_, i) => (i % 4 === 0 ? 2 : 0));
  const temperature = fitTemperature(right, new Int32Array(10), 4);
  const [sure = NaN] = softmaxRows(right, 4, temperature);
  // (1 − smoothing) + smoothing / classes: what the smoothed targets themselves say
  expect(sure).toBeCloseTo(10 / 11 + 1 / 44, 5);
  expect(fitTemperature(right, new Int32Array(10).fill(1), 4)).toBeCloseTo(16, 6);
  expect(fitTemperature(new Float32Array(0), [], 4)).toBe(1);
});

test("calibration error and its bins are NumPy's", () => {
  const { ece, bins } = expectedCalibrationError(softmaxRows(logits, classes), labels, classes);
  expect(ece).toBeCloseTo(golden.calibrationError.ece, 6);
  expect(bins).toHaveLength(15);
  for (const [i, { photos, confidence, accuracy, from, to }] of bins.entries()) {
    const [count, mean, share] = golden.calibrationError.bins[i] ?? [NaN, null, null];
    expect(photos).toBe(count);
    if (mean === null) expect(confidence).toBeNull();
    else expect(confidence).toBeCloseTo(mean, 6);
    if (share === null) expect(accuracy).toBeNull();
    else expect(accuracy).toBeCloseTo(share, 6);
    expect([15 * from, 15 * to]).toEqual([expect.closeTo(i, 9), expect.closeTo(i + 1, 9)]);
  }
});

test("whoever always says 1 errs by the share that is wrong, and has a noise floor of 0", () => {
  const sure = Float32Array.of(1, 0, 1, 0, 1, 0, 0, 1);
  expect(expectedCalibrationError(sure, [0, 0, 0, 0], 2).ece).toBeCloseTo(0.25, 9);
  expect(calibrationNoiseFloor(sure, 2)).toBe(0);
});

test("the noise floor is what labels drawn from the probabilities show, and shrinks with the photos", () => {
  const drawnSet = (rows: number) => {
    const random = randomFor("noise floor's test", rows);
    const own = Float32Array.from({ length: rows * 3 }, () => 4 * random());
    const stated = softmaxRows(own, 3);
    const drawn = Int32Array.from({ length: rows }, (_, row) => {
      const at = random();
      const [a = NaN, b = NaN] = stated.subarray(3 * row, 3 * row + 2);
      return at < a ? 0 : at < a + b ? 1 : 2;
    });
    return { stated, ece: expectedCalibrationError(stated, drawn, 3).ece };
  };
  const few = Array.from({ length: 200 }, (_, i) => drawnSet(200 + i));
  const mean = few.reduce((sum, { ece }) => sum + ece, 0) / few.length;
  const floor =
    few.reduce((sum, { stated }) => sum + calibrationNoiseFloor(stated, 3, { draws: 20 }), 0) / few.length;
  expect(mean / floor).toBeCloseTo(1, 1);
  const many = drawnSet(10_000).stated;
  expect(calibrationNoiseFloor(many, 3)).toBeLessThan(0.4 * floor);
  expect(calibrationNoiseFloor(many, 3)).toBe(calibrationNoiseFloor(many, 3));
  expect(calibrationNoiseFloor(many, 3, { seed: 1 })).not.toBe(calibrationNoiseFloor(many, 3));
});
