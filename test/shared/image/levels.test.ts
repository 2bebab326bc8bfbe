import { expect, it } from "vitest";
import { levelsOf } from "../../../shared/image/levels.ts";
import { drawn } from "./picture.ts";

const photo = drawn(64, 96, (x, y) => [x * 3, y * 2, 9]);

it("reads a view from the photo where the view's pixels are about the photo's, and from halves where they are larger", () => {
  const levels = levelsOf(photo, { width: 8, height: 12 });
  const widths = [0.125, 0.25, 0.5, 1].map((span) => levels.at(span).pixels.width);
  expect(widths).toEqual([64, 32, 16, 8]);
  expect(levels.at(0.25).perFrame).toEqual({ x: 4, y: 4 });
});

it("reads every view from the photo itself where the frame is an enlargement", () => {
  const levels = levelsOf(photo, { width: 200, height: 300 });
  expect([0.2, 0.7, 1, 1.2].map((span) => levels.at(span).pixels)).toEqual([photo, photo, photo, photo]);
});

it("halves by averaging four pixels, an odd last row and column left out", () => {
  const odd = drawn(5, 3, (x, y) => [x * 10 + y * 4, 100, 7]);
  const half = levelsOf(odd, { width: 2, height: 1 }).at(0.8 / 1.35).pixels;
  expect(half).toMatchObject({ width: 2, height: 1 });
  expect([...half.data]).toEqual([7, 100, 7, 27, 100, 7]);
});

it("cuts the same window from the frame whether the frame was made whole or not", () => {
  const window = { left: 1, top: 3, width: 5, height: 6 };
  const [whole, part] = [
    levelsOf(photo, { width: 8, height: 12 }),
    levelsOf(photo, { width: 8, height: 12 }),
  ];
  whole.at(1);
  const [a, b] = [new Uint8Array(90), new Uint8Array(90)];
  whole.cut(window, a);
  part.cut(window, b);
  expect(a).toEqual(b);
});
