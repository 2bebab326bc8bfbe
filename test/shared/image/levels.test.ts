import { expect, it } from "vitest";
import { newArena } from "../../../shared/image/arena.ts";
import { levelsOf } from "../../../shared/image/levels.ts";
import { drawn } from "./picture.ts";

const photo = drawn(64, 96, (x, y) => [x * 3, y * 2, 9]);

it("reads a view from the photo where the view's pixels are about the photo's, and from halves where they are larger", () => {
  const levels = levelsOf(photo, { width: 8, height: 12 }, newArena());
  const widths = [0.125, 0.25, 0.5, 1].map((span) => levels.at(span).raster.width);
  expect(widths).toEqual([64, 32, 16, 8]);
  expect(levels.at(0.25).perFrame).toEqual({ x: 4, y: 4 });
});

it("reads every view from the photo itself where the frame is an enlargement", () => {
  const levels = levelsOf(photo, { width: 200, height: 300 }, newArena());
  expect([0.2, 0.7, 1, 1.2].map((span) => levels.at(span).raster.width)).toEqual([64, 64, 64, 64]);
});

it("halves by averaging four pixels, an odd last row and column left out", () => {
  const odd = drawn(5, 3, (x, y) => [x * 10 + y * 4, 100, 7]);
  const levels = levelsOf(odd, { width: 2, height: 1 }, newArena());
  const { address, width, height } = levels.at(0.6).raster;
  expect([width, height]).toEqual([2, 1]);
  expect([...levels.arena.bytes().subarray(address, address + 6)]).toEqual([7, 100, 7, 27, 100, 7]);
});

it("cuts the same window from the frame whether the frame was made whole or not", () => {
  const window = { left: 1, top: 3, width: 5, height: 6 };
  const cut = (makeFrame: boolean) => {
    const levels = levelsOf(photo, { width: 8, height: 12 }, newArena());
    if (makeFrame) levels.at(1);
    const out = levels.arena.take(90);
    levels.cut(window, out);
    return levels.arena.bytes().slice(out, out + 90);
  };
  expect(cut(true)).toEqual(cut(false));
});
