import { after, stretch, stretchOf, type Affine } from "./affine.ts";
import type { Levels } from "./levels.ts";
import { applyColour } from "./operations/colour-jitter.ts";
import type { Pixels } from "./pixels.ts";
import type { View } from "./view.ts";

/**
 * Makes a view of a photo: each pixel of `out` is interpolated once, bilinearly, in the level of the photo that suits
 * the view's size. Where the view only cuts a window out of the frame (view 0), it is exactly that window.
 *
 * @param out side · side · 3 bytes, RGB
 */
export function warp(levels: Levels, view: View, out: Uint8Array): void {
  const { toFrame, side } = view;
  if (onlyMoves(toFrame)) {
    levels.cut({ left: toFrame.c, top: toFrame.f, width: side, height: side }, out);
  } else {
    const { pixels, perFrame } = levels.at(stretchOf(toFrame));
    interpolate(pixels, after(stretch(perFrame.x, perFrame.y), toFrame), view, out);
  }
  if (view.colour !== null) applyColour(out, view.colour);
}

function onlyMoves({ a, b, c, d, e, f }: Affine): boolean {
  return a === 1 && b === 0 && d === 0 && e === 1 && Number.isInteger(c) && Number.isInteger(f);
}

const one = 65536;

/**
 * Bilinear interpolation, positions in 16.16 fixed point. Each row's pixels that lie inside of the crop are a span, and
 * so are those whose four neighbours all lie in the image: only between the two ends are neighbours clamped to the
 * image's edge, and the loop within has nothing to check.
 */
function interpolate(image: Pixels, toImage: Affine, { side, toCrop }: View, out: Uint8Array): void {
  const { data, width, height } = image;
  const row = width * 3;
  const stepX = Math.round(toImage.a * one);
  const stepY = Math.round(toImage.d * one);
  // Fixed point counts from a pixel near the view, so that no image is too large for it.
  const originX = Math.floor(toImage.c);
  const originY = Math.floor(toImage.f);
  for (let y = 0; y < side; y++) {
    const centre = y + 0.5;
    const u = toCrop.b * centre + toCrop.c + toCrop.a / 2;
    const v = toCrop.e * centre + toCrop.f + toCrop.d / 2;
    const from = Math.max(firstWithin(u, toCrop.a, side, side), firstWithin(v, toCrop.d, side, side));
    const to = Math.min(endWithin(u, toCrop.a, side, side), endWithin(v, toCrop.d, side, side));
    const start = y * side * 3;
    if (from >= to) {
      out.fill(0, start, start + side * 3);
      continue;
    }
    // From the view's pixel centres to the image's.
    const x0 = toImage.b * centre + toImage.c + toImage.a / 2 - 0.5;
    const y0 = toImage.e * centre + toImage.f + toImage.d / 2 - 0.5;
    const fixedX = Math.round((x0 - originX) * one);
    const fixedY = Math.round((y0 - originY) * one);
    const safeX = fixedX + originX * one;
    const safeY = fixedY + originY * one;
    const safeWidth = (width - 1) * one;
    const safeHeight = (height - 1) * one;
    const safeFrom = Math.max(
      from,
      Math.min(
        to,
        Math.max(firstWithin(safeX, stepX, safeWidth, to), firstWithin(safeY, stepY, safeHeight, to)),
      ),
    );
    const safeTo = Math.max(
      safeFrom,
      Math.min(to, endWithin(safeX, stepX, safeWidth, to), endWithin(safeY, stepY, safeHeight, to)),
    );

    out.fill(0, start, start + from * 3);
    clampedSpan(image, safeX, stepX, safeY, stepY, from, safeFrom, out, start);
    let fx = (fixedX + safeFrom * stepX) | 0;
    let fy = (fixedY + safeFrom * stepY) | 0;
    const base = (originY * width + originX) * 3;
    const end = start + safeTo * 3;
    for (let o = start + safeFrom * 3; o < end; o += 3) {
      const p = (base + Math.imul(fy >> 16, row) + Math.imul(fx >> 16, 3)) | 0;
      const q = (p + row) | 0;
      const right = (fx >> 8) & 255;
      const below = (fy >> 8) & 255;
      const w11 = Math.imul(right, below);
      const w10 = ((below << 8) - w11) | 0;
      const w01 = ((right << 8) - w11) | 0;
      const w00 = (one - (right << 8) - w10) | 0;
      out[o] =
        (Math.imul(data[p] as number, w00) +
          Math.imul(data[p + 3] as number, w01) +
          Math.imul(data[q] as number, w10) +
          Math.imul(data[q + 3] as number, w11) +
          32768) >>
        16;
      out[o + 1] =
        (Math.imul(data[p + 1] as number, w00) +
          Math.imul(data[p + 4] as number, w01) +
          Math.imul(data[q + 1] as number, w10) +
          Math.imul(data[q + 4] as number, w11) +
          32768) >>
        16;
      out[o + 2] =
        (Math.imul(data[p + 2] as number, w00) +
          Math.imul(data[p + 5] as number, w01) +
          Math.imul(data[q + 2] as number, w10) +
          Math.imul(data[q + 5] as number, w11) +
          32768) >>
        16;
      fx = (fx + stepX) | 0;
      fy = (fy + stepY) | 0;
    }
    clampedSpan(image, safeX, stepX, safeY, stepY, safeTo, to, out, start);
    out.fill(0, start + to * 3, start + side * 3);
  }
}

/** The first whole x from 0 to `count` with 0 ≤ value + x · step < limit, if any x has that. */
function firstWithin(value: number, step: number, limit: number, count: number): number {
  if (value >= 0 && value < limit) return 0;
  if (step > 0 && value < 0) return Math.min(count, Math.ceil(-value / step));
  if (step < 0 && value >= limit) return Math.min(count, Math.floor((limit - value) / step) + 1);
  return count;
}

/** One more than the last whole x below `count` with 0 ≤ value + x · step < limit, if any x has that. */
function endWithin(value: number, step: number, limit: number, count: number): number {
  if (step === 0) return value >= 0 && value < limit ? count : 0;
  const beyond = step > 0 ? Math.ceil((limit - value) / step) : Math.floor(-value / step) + 1;
  return Math.max(0, Math.min(count, beyond));
}

/** Pixels `from` to `to` of a row at the image's edge: neighbours outside of it are its outermost pixels. */
function clampedSpan(
  { data, width, height }: Pixels,
  x0: number,
  stepX: number,
  y0: number,
  stepY: number,
  from: number,
  to: number,
  out: Uint8Array,
  start: number,
): void {
  for (let x = from; x < to; x++) {
    const fx = x0 + x * stepX;
    const fy = y0 + x * stepY;
    const left = Math.floor(fx / one);
    const top = Math.floor(fy / one);
    const right = Math.floor((fx - left * one) / 256);
    const below = Math.floor((fy - top * one) / 256);
    const x1 = clamp(left, width) * 3;
    const x2 = clamp(left + 1, width) * 3;
    const y1 = clamp(top, height) * width * 3;
    const y2 = clamp(top + 1, height) * width * 3;
    const w11 = right * below;
    const w10 = below * 256 - w11;
    const w01 = right * 256 - w11;
    const w00 = one - right * 256 - w10;
    for (let c = 0; c < 3; c++) {
      out[start + x * 3 + c] =
        ((data[y1 + x1 + c] as number) * w00 +
          (data[y1 + x2 + c] as number) * w01 +
          (data[y2 + x1 + c] as number) * w10 +
          (data[y2 + x2 + c] as number) * w11 +
          32768) >>
        16;
    }
  }
}

function clamp(i: number, length: number): number {
  return i < 0 ? 0 : i >= length ? length - 1 : i;
}
