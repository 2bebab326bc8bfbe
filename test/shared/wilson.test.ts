import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { wilsonInterval } from "../../shared/wilson.ts";

/** Made by scripts/make-report-goldens.py with SciPy. */
const { cases } = JSON.parse(await readFile(new URL("golden/wilson.json", import.meta.url), "utf8")) as {
  cases: { right: number; photos: number; low: number; high: number }[];
};

test.for(cases)("the interval of $right of $photos is SciPy's", ({ right, photos, low, high }) => {
  const interval = wilsonInterval(right, photos);
  expect(interval.low).toBeCloseTo(low, 12);
  expect(interval.high).toBeCloseTo(high, 12);
});

test("without photos nothing is known of a share", () => {
  expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
});
