import { expect, it } from "vitest";
import { applyColour, colourFactors } from "../../../../shared/image/operations/colour-jitter.ts";
import { randomFor } from "../../../../shared/random.ts";
import { goldenPixels } from "../golden.ts";

it("changes brightness, contrast and saturation as Pillow does", async () => {
  const pixels = await goldenPixels("clean.png");
  applyColour(pixels, { brightness: 1.3, contrast: 0.6, saturation: 1.5 });
  const golden = await goldenPixels("coloured.png");
  expect(pixels).toEqual(golden);
});

it("draws factors up to the strength to either side, none below 0, and nothing where every strength is 0", () => {
  const factors = Array.from({ length: 1000 }, (_, i) =>
    colourFactors({ brightness: 0.4, contrast: 2, saturation: 0 }, randomFor("jitter", i)),
  );
  const brightness = factors.map((each) => each?.brightness ?? NaN);
  const contrast = factors.map((each) => each?.contrast ?? NaN);
  expect(Math.min(...brightness)).toBeGreaterThanOrEqual(0.6);
  expect(Math.min(...brightness)).toBeLessThan(0.61);
  expect(Math.max(...brightness)).toBeGreaterThan(1.39);
  expect(Math.min(...contrast)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...contrast)).toBeGreaterThan(2.95);
  expect(new Set(factors.map((each) => each?.saturation))).toEqual(new Set([1]));
  expect(colourFactors({ brightness: 0, contrast: 0, saturation: 0 }, Math.random)).toBeNull();
});
