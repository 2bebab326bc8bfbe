import { after, stretch, stretchOf, type Affine } from "./affine.ts";
import type { Arena } from "./arena.ts";
import type { Levels } from "./levels.ts";
import { applyColour } from "./operations/colour-jitter.ts";
import type { Raster } from "./pixels.ts";
import type { View } from "./view.ts";

/**
 * Makes a view of a photo: each pixel of `out` is interpolated once, bilinearly, in the level of the photo that suits
 * the view's size. Where the view only cuts a window out of the frame (view 0), it is exactly that window.
 *
 * @param out side · side · 3 bytes, RGB
 */
export function warp(levels: Levels, view: View, out: Uint8Array): void {
  const { toFrame, side } = view;
  const { arena } = levels;
  const level = onlyMoves(toFrame) ? null : levels.at(stretchOf(toFrame));
  const mark = arena.mark();
  const canvas = arena.take(out.length);
  if (level === null) {
    levels.cut({ left: toFrame.c, top: toFrame.f, width: side, height: side }, canvas);
  } else {
    const toImage = after(stretch(level.perFrame.x, level.perFrame.y), toFrame);
    interpolate(arena, level.raster, toImage, view, canvas);
  }
  out.set(arena.bytes().subarray(canvas, canvas + out.length));
  arena.release(mark);
  if (view.colour !== null) applyColour(out, view.colour);
}

function onlyMoves({ a, b, c, d, e, f }: Affine): boolean {
  return a === 1 && b === 0 && d === 0 && e === 1 && Number.isInteger(c) && Number.isInteger(f);
}

const one = 65536;

/** A row of a view on its way through an image, 16.16 fixed point: where its first pixel lies, and the steps on. */
interface Line {
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
}

/**
 * Bilinear interpolation, row by row. The pixels of a row that lie inside of the crop are a span, the others are black.
 * Those whose four neighbours all lie in the image are a span within it, for which the kernel has nothing to check; only
 * between the ends of the two are neighbours clamped to the image's edge.
 */
function interpolate(
  arena: Arena,
  image: Raster,
  toImage: Affine,
  { side, toCrop }: View,
  out: number,
): void {
  const bytes = arena.bytes();
  const stride = image.width * 3;
  const stepX = Math.round(toImage.a * one);
  const stepY = Math.round(toImage.d * one);
  for (let y = 0; y < side; y++) {
    const centre = y + 0.5;
    const u = toCrop.b * centre + toCrop.c + toCrop.a / 2;
    const v = toCrop.e * centre + toCrop.f + toCrop.d / 2;
    const from = Math.max(firstWithin(u, toCrop.a, side, side), firstWithin(v, toCrop.d, side, side));
    const to = Math.max(
      from,
      Math.min(endWithin(u, toCrop.a, side, side), endWithin(v, toCrop.d, side, side)),
    );
    const start = out + y * side * 3;
    bytes.fill(0, start, start + from * 3);
    if (from === to) {
      bytes.fill(0, start, start + side * 3);
      continue;
    }

    // From the view's pixel centres to the image's.
    const line = {
      x: Math.round((toImage.b * centre + toImage.c + toImage.a / 2 - 0.5) * one),
      y: Math.round((toImage.e * centre + toImage.f + toImage.d / 2 - 0.5) * one),
      stepX,
      stepY,
    };
    const width = (image.width - 1) * one;
    const height = (image.height - 1) * one;
    const safeFrom = Math.min(
      to,
      Math.max(from, firstWithin(line.x, stepX, width, side), firstWithin(line.y, stepY, height, side)),
    );
    const safeTo = Math.max(
      safeFrom,
      Math.min(to, endWithin(line.x, stepX, width, side), endWithin(line.y, stepY, height, side)),
    );
    clampedPixels(bytes, image, line, from, safeFrom, start);
    if (safeFrom < safeTo) {
      const x = line.x + safeFrom * stepX;
      const yy = line.y + safeFrom * stepY;
      // Whole pixels go into the address, so that no image is too large for 32 bits of fixed point.
      const [left, top] = [Math.floor(x / one), Math.floor(yy / one)];
      const address = image.address + top * stride + left * 3;
      const count = safeTo - safeFrom;
      arena.line(address, stride, x - left * one, yy - top * one, stepX, stepY, count, start + safeFrom * 3);
    }
    // After the kernel, which may write beyond its last pixel.
    clampedPixels(bytes, image, line, safeTo, to, start);
    bytes.fill(0, start + to * 3, start + side * 3);
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

/**
 * Pixels `from` to `to` of a row at the image's edge, as the kernel makes them, but neighbours outside of the image are its
 * outermost pixels.
 */
function clampedPixels(
  bytes: Uint8Array,
  { address, width, height }: Raster,
  { x: x0, y: y0, stepX, stepY }: Line,
  from: number,
  to: number,
  start: number,
): void {
  for (let x = from; x < to; x++) {
    const fx = x0 + x * stepX;
    const fy = y0 + x * stepY;
    const left = Math.floor(fx / one);
    const top = Math.floor(fy / one);
    const right = Math.floor((fx - left * one) / 512);
    const below = Math.floor((fy - top * one) / 512);
    const x1 = clamp(left, width) * 3;
    const x2 = clamp(left + 1, width) * 3;
    const y1 = address + clamp(top, height) * width * 3;
    const y2 = address + clamp(top + 1, height) * width * 3;
    const w11 = right * below;
    const w10 = below * 128 - w11;
    const w01 = right * 128 - w11;
    const w00 = 16384 - right * 128 - w10;
    for (let c = 0; c < 3; c++) {
      bytes[start + x * 3 + c] =
        ((bytes[y1 + x1 + c] as number) * w00 +
          (bytes[y1 + x2 + c] as number) * w01 +
          (bytes[y2 + x1 + c] as number) * w10 +
          (bytes[y2 + x2 + c] as number) * w11 +
          8192) >>
        14;
    }
  }
}

function clamp(i: number, length: number): number {
  return i < 0 ? 0 : i >= length ? length - 1 : i;
}
