import { describe, expect, it } from "vitest";
import { identity, stretch } from "../../../shared/image/affine.ts";
import { newArena } from "../../../shared/image/arena.ts";
import { levelsOf } from "../../../shared/image/levels.ts";
import { rotated } from "../../../shared/image/operations/rotation.ts";
import { resizedSize } from "../../../shared/image/operations/resize.ts";
import type { Pixels } from "../../../shared/image/pixels.ts";
import { viewOf, type View } from "../../../shared/image/view.ts";
import { warp } from "../../../shared/image/warp.ts";
import { randomFor } from "../../../shared/random.ts";
import { goldenPixels } from "./golden.ts";
import { drawn, picture, psnr } from "./picture.ts";
import { recipeOf } from "./view-config.ts";

/** One for all, so that each test meets what another left there. */
const arena = newArena();

function warped(photo: Pixels, view: View): Uint8Array {
  const out = new Uint8Array(view.side * view.side * 3).fill(77);
  warp(levelsOf(photo, view.frame, arena), view, out);
  return out;
}

/** The definition, without spans and fixed point: each pixel on its own. */
function slowly(image: Pixels, { side, toFrame, toCrop }: View): Float64Array {
  const out = new Float64Array(side * side * 3);
  const at = (x: number, y: number, c: number) => {
    const column = Math.min(image.width - 1, Math.max(0, x));
    const row = Math.min(image.height - 1, Math.max(0, y));
    return image.data[(row * image.width + column) * 3 + c] as number;
  };
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const [px, py] = [x + 0.5, y + 0.5];
      const [u, v] = [toCrop.a * px + toCrop.b * py + toCrop.c, toCrop.d * px + toCrop.e * py + toCrop.f];
      if (u < 0 || u >= side || v < 0 || v >= side) continue;
      const sx = toFrame.a * px + toFrame.b * py + toFrame.c - 0.5;
      const sy = toFrame.d * px + toFrame.e * py + toFrame.f - 0.5;
      const [left, top] = [Math.floor(sx), Math.floor(sy)];
      const [r, b] = [sx - left, sy - top];
      for (let c = 0; c < 3; c++)
        out[(y * side + x) * 3 + c] =
          (at(left, top, c) * (1 - r) + at(left + 1, top, c) * r) * (1 - b) +
          (at(left, top + 1, c) * (1 - r) + at(left + 1, top + 1, c) * r) * b;
    }
  return out;
}

const config = recipeOf(32);

describe("view 0", () => {
  it("is Pillow's Resize and torchvision's CenterCrop", async () => {
    const photo = picture(97, 61);
    const out = warped(photo, viewOf(0, "", 0, config, photo));
    expect(psnr(out, await goldenPixels("clean.png"))).toBeGreaterThan(48);
  });
});

describe("a random view", () => {
  it("is what the definition says, pixel by pixel, in smooth images of many sizes and at their edges", () => {
    for (let i = 0; i < 60; i++) {
      const random = randomFor("warp", i);
      // No larger than the frame, so that every view is read from the photo itself.
      const [width, height] = [2 + Math.floor(random() * 30), 2 + Math.floor(random() * 30)];
      const photo = drawn(width, height, (x, y) => [(x * 200) / width, (y * 200) / height, 99]);
      const frame = resizedSize(photo, 32);
      const view = viewOf(i, "photo", 1, config, photo);
      const scaled = stretch(width / frame.width, height / frame.height);
      const toFrame = { ...view.toFrame };
      const toPhoto = {
        a: toFrame.a * scaled.a,
        b: toFrame.b * scaled.a,
        c: toFrame.c * scaled.a,
        d: toFrame.d * scaled.e,
        e: toFrame.e * scaled.e,
        f: toFrame.f * scaled.e,
      };
      const exact = slowly(photo, { ...view, toFrame: toPhoto });
      const out = warped(photo, view);
      const worst = out.reduce((most, value, k) => Math.max(most, Math.abs(value - (exact[k] as number))), 0);
      expect(worst).toBeLessThan(1.5);
    }
  });
  it("is black where the crop ends, although the photo goes on there", () => {
    const photo = drawn(96, 96, () => [200, 200, 200]);
    const turned = rotated({ width: 32, height: 32 }, 30);
    const toFrame = { ...turned, c: turned.c + 32, f: turned.f + 32 };
    const out = warped(photo, {
      frame: { width: 96, height: 96 },
      side: 32,
      toFrame,
      toCrop: turned,
      colour: null,
    });
    expect([...out.subarray(0, 3)]).toEqual([0, 0, 0]);
    expect(out[(16 * 32 + 16) * 3]).toBe(200);
    expect(new Set(out)).toEqual(new Set([0, 200]));
  });
  it("turns as Pillow's rotate does", async () => {
    const clean: Pixels = { data: await goldenPixels("clean.png"), width: 32, height: 32 };
    const toCrop = rotated(clean, 20);
    const view = { frame: clean, side: 32, toFrame: toCrop, toCrop, colour: null };
    expect(psnr(warped(clean, view), await goldenPixels("turned.png"))).toBeGreaterThan(40);
  });
  it("mirrors exactly", () => {
    const photo = picture(32, 32);
    const out = warped(photo, {
      frame: photo,
      side: 32,
      toFrame: stretch(-1, 1, 32),
      toCrop: identity,
      colour: null,
    });
    for (const [x, y] of [
      [0, 0],
      [5, 9],
      [31, 31],
    ] as const)
      expect(out[(y * 32 + x) * 3]).toBe(photo.data[(y * 32 + 31 - x) * 3]);
  });
  it("reads far to the right and below in an image of any length", () => {
    const photo = drawn(40_000, 4, (x) => [x >> 8, x & 255, 0]);
    const view = {
      frame: photo,
      side: 2,
      toFrame: stretch(1, 1, 39_990.25, 1),
      toCrop: identity,
      colour: null,
    };
    expect([...warped(photo, view).subarray(0, 2)]).toEqual([39_990 >> 8, 39_990 & 255]);
  });
  it("shrinks without aliasing: stripes of one pixel become grey", () => {
    const stripes = drawn(256, 256, (x) => (x % 2 === 0 ? [255, 255, 255] : [0, 0, 0]));
    const view = viewOf(3, "photo", 1, { ...config, scale: [0.9, 1], rotation: 0 }, stripes);
    const out = warped(stripes, view);
    expect(Math.min(...out)).toBeGreaterThan(110);
    expect(Math.max(...out)).toBeLessThan(145);
  });
});
