import { expect, it } from "vitest";
import { rotated, rotation } from "../../../../shared/image/operations/rotation.ts";
import { randomFor } from "../../../../shared/random.ts";
import { goldenCrops, largestDifference } from "../golden.ts";

it("turns counter-clockwise about the centre: a quarter turn brings the right side to the top", () => {
  const { a, b, c, d, e, f } = rotated({ width: 10, height: 10 }, 90);
  const [x, y] = [5, 0];
  expect(a * x + b * y + c).toBeCloseTo(10);
  expect(d * x + e * y + f).toBeCloseTo(5);
});

it("draws torchvision's angles", () => {
  const angles = Array.from({ length: 20_000 }, (_, i) => {
    const { a, d } = rotation(30)({ width: 224, height: 224 }, randomFor("angle", i)).toInput;
    return (Math.atan2(d, a) * 180) / Math.PI;
  });
  expect(largestDifference(angles, goldenCrops.angle)).toBeLessThan(0.018);
  expect(
    largestDifference(
      angles.map((angle) => angle * 1.1),
      goldenCrops.angle,
    ),
  ).toBeGreaterThan(0.036);
});
