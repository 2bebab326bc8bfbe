import { expect, test } from "vitest";
import { mirror, viewCount, viewsToWarp } from "../../../shared/predictor/asked-views.ts";

const square = { resize: 8, side: 8 };
const photo = { width: 12, height: 10 };

test("the mirror image has left and right exchanged, and twice mirrored is the view", () => {
  const pixels = Uint8Array.from({ length: 3 * 3 * 3 }, (_, i) => i);
  const once = new Uint8Array(27);
  mirror(pixels, 3, once);
  expect([...once.subarray(0, 9)]).toEqual([6, 7, 8, 3, 4, 5, 0, 1, 2]);
  const twice = new Uint8Array(27);
  mirror(once, 3, twice);
  expect(twice).toEqual(pixels);
});

test.each([
  [undefined, 1, 1],
  ["flip", 2, 1],
  [1, 1, 1],
  [5, 5, 5],
] as const)("%s asks about %d views, of which %d are warped", (augmentation, asked, warped) => {
  expect(viewCount(augmentation)).toBe(asked);
  expect(viewsToWarp(augmentation, Uint8Array.of(1), photo, square)).toHaveLength(warped);
});

test("the first view is the clean one, and the others are functions of the photo", () => {
  const [clean] = viewsToWarp(undefined, Uint8Array.of(1), photo, square);
  const views = viewsToWarp(4, Uint8Array.of(1), photo, square);
  expect(views[0]).toEqual(clean);
  expect(viewsToWarp(3, Uint8Array.of(1), photo, square)).toEqual(views.slice(0, 3));
  expect(viewsToWarp(4, Uint8Array.of(2), photo, square).slice(1)).not.toEqual(views.slice(1));
});
