import { expect, it } from "vitest";
import { after, identity, stretch, stretchOf } from "../../../shared/image/affine.ts";

it("composes: the outer transform is applied to what the inner one gives", () => {
  const moved = { ...identity, c: 3 };
  expect(after(stretch(2, 4), moved)).toEqual({ a: 2, b: 0, c: 6, d: 0, e: 4, f: 0 });
  expect(after(moved, stretch(2, 4, 1, 1))).toEqual({ a: 2, b: 0, c: 4, d: 0, e: 4, f: 1 });
});

it("stretches by the square root of its area factor, mirrored or not", () => {
  expect(stretchOf(stretch(-2, 8))).toBe(4);
});
