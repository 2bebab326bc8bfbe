import { describe, expect, it } from "vitest";
import { newArena } from "../../../shared/image/arena.ts";
import { resample } from "../../../shared/image/resample.ts";
import type { Box, Pixels, Size } from "../../../shared/image/pixels.ts";
import { goldenPixels } from "./golden.ts";
import { drawn, picture, psnr } from "./picture.ts";

const arena = newArena();

function resized(image: Pixels, size: Size, window: Box = { left: 0, top: 0, ...size }): Uint8Array {
  arena.release(0);
  const address = arena.take(image.data.length);
  arena.bytes().set(image.data, address);
  const bytes = window.width * window.height * 3;
  const out = arena.take(bytes);
  resample(arena, { ...image, address }, size, window, out);
  return arena.bytes().slice(out, out + bytes);
}

it("is Pillow's antialiased bilinear resizing to within the rounding of its weights", async () => {
  const clean = resized(
    picture(97, 61),
    { width: 50, height: 32 },
    { left: 9, top: 0, width: 32, height: 32 },
  );
  expect(psnr(clean, await goldenPixels("clean.png"))).toBeGreaterThan(48);
});

describe("a resized image", () => {
  it("of one colour keeps it, whether it shrinks or grows, whatever its width", () => {
    for (const width of [1, 2, 3, 40, 41, 42, 43]) {
      const plain = drawn(width, 30, () => [255, 3, 128]);
      for (const side of [7, 30, 64]) {
        const out = resized(plain, { width: side, height: side });
        expect(new Set(out)).toEqual(new Set([255, 3, 128]));
        expect([out.at(-3), out.at(-2), out.at(-1)]).toEqual([255, 3, 128]);
      }
    }
  });
  it("is itself at its own size", () => {
    const image = picture(31, 18);
    expect(resized(image, image)).toEqual(image.data);
  });
  it("has the same bytes whether all of it is made or only a window", () => {
    const image = picture(97, 61);
    const size = { width: 50, height: 32 };
    const whole = resized(image, size);
    const window = { left: 5, top: 3, width: 21, height: 17 };
    const part = resized(image, size, window);
    for (let y = 0; y < window.height; y++) {
      const from = ((window.top + y) * size.width + window.left) * 3;
      const row = part.subarray(y * window.width * 3, (y + 1) * window.width * 3);
      expect(row).toEqual(whole.subarray(from, from + window.width * 3));
    }
  });
  it("averages what shrinks: stripes of one pixel become grey", () => {
    const stripes = drawn(64, 64, (x) => (x % 2 === 0 ? [255, 255, 255] : [0, 0, 0]));
    const out = resized(stripes, { width: 8, height: 8 });
    expect(Math.min(...out)).toBeGreaterThan(120);
    expect(Math.max(...out)).toBeLessThan(136);
  });
});
