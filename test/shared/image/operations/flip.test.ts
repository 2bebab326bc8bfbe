import { expect, it } from "vitest";
import { identity } from "../../../../shared/image/affine.ts";
import { horizontalFlip } from "../../../../shared/image/operations/flip.ts";
import { randomFor } from "../../../../shared/random.ts";

const size = { width: 12, height: 8 };

it("mirrors left and right, or leaves the image as it is", () => {
  expect(horizontalFlip(0.5)(size, () => 0.4).toInput).toEqual({ a: -1, b: 0, c: 12, d: 0, e: 1, f: 0 });
  expect(horizontalFlip(0.5)(size, () => 0.5).toInput).toEqual(identity);
  expect(horizontalFlip(0)(size, () => 0).toInput).toEqual(identity);
});

it("flips as often as it is told to", () => {
  const flips = Array.from(
    { length: 10_000 },
    (_, i) => horizontalFlip(0.3)(size, randomFor("flip", i)).toInput.a < 0,
  );
  expect(flips.filter(Boolean).length / 10_000).toBeCloseTo(0.3, 1);
});
