import { describe, expect, it } from "vitest";
import { randomBox, randomResizedCrop } from "../../../../shared/image/operations/random-resized-crop.ts";
import { randomFor } from "../../../../shared/random.ts";
import { goldenCrops, largestDifference } from "../golden.ts";

const scale = [0.08, 1] as const;
const ratio = [3 / 4, 4 / 3] as const;
const draws = 20_000;

/** Above what 20,000 draws differ by in one of 1,000 sets (1.95 / √20,000 = 0.0138), with room for the quantiles' own error. */
const bound = 0.018;

describe.each(goldenCrops.sizes)("boxes in $width × $height", ({ width, height, ...golden }) => {
  const boxes = Array.from({ length: draws }, (_, i) =>
    randomBox({ width, height }, scale, ratio, randomFor("boxes", width, height, i)),
  );
  it("cover torchvision's shares of the area", () => {
    const areas = boxes.map((box) => (box.width * box.height) / (width * height));
    expect(largestDifference(areas, golden.area)).toBeLessThan(bound);
  });
  it("have torchvision's ratios", () => {
    const ratios = boxes.map((box) => Math.log(box.width / box.height));
    expect(largestDifference(ratios, golden.logRatio)).toBeLessThan(bound);
  });
  it("lie where torchvision's do", () => {
    const x = boxes.map((box) => (box.left + box.width / 2) / width);
    const y = boxes.map((box) => (box.top + box.height / 2) / height);
    expect(largestDifference(x, golden.centreX)).toBeLessThan(bound);
    expect(largestDifference(y, golden.centreY)).toBeLessThan(bound);
  });
});

it("would notice ratios that are uniform instead of log-uniform", () => {
  const random = randomFor("uniform");
  const golden = goldenCrops.sizes[2];
  const ratios = Array.from({ length: draws }, () => Math.log(ratio[0] + (ratio[1] - ratio[0]) * random()));
  expect(largestDifference(ratios, golden?.logRatio ?? [])).toBeGreaterThan(2 * bound);
});

describe("where ten boxes do not fit", () => {
  it.each([
    { name: "a tall image", width: 30, height: 300, box: { left: 0, top: 130, width: 30, height: 40 } },
    { name: "a wide image", width: 300, height: 30, box: { left: 130, top: 0, width: 40, height: 30 } },
  ])("$name gives its largest middle box of an allowed ratio", ({ width, height, box }) => {
    expect(randomBox({ width, height }, [1, 1], ratio, () => 0.5)).toEqual(box);
  });
  it("an image of an allowed ratio is taken whole", () => {
    const whole = { left: 0, top: 0, width: 40, height: 36 };
    expect(randomBox({ width: 40, height: 36 }, [1, 1], ratio, () => 0.1)).toEqual(whole);
  });
  it("an eleventh is not tried", () => {
    let drawn = 0;
    const random = () => (drawn++ < 20 ? 0.5 : 0);
    randomBox({ width: 30, height: 300 }, [1, 1], ratio, random);
    expect(drawn).toBe(20);
  });
});

it("stretches its box to the side that is asked for", () => {
  const { size, toInput } = randomResizedCrop(20, [1, 1], ratio)({ width: 40, height: 36 }, () => 0.1);
  expect(size).toEqual({ width: 20, height: 20 });
  expect(toInput).toEqual({ a: 2, b: 0, c: 0, d: 0, e: 1.8, f: 0 });
});
