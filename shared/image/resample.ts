import type { Arena } from "./arena.ts";
import type { Box, Raster, Size } from "./pixels.ts";

/** For each place of the output along one axis: the first place of the input that counts, and the weights from there. */
interface Filter {
  readonly taps: number;
  readonly starts: Int32Array;
  /** `taps` for each place, summing to 256, zeros at the end */
  readonly weights: Int16Array;
}

/**
 * Part of an image resized to `size`, antialiased: a triangle filter as wide as the shrinking asks for, rows first
 * down, then across, bytes between. Method: Pillow's BILINEAR (libImaging/Resample.c, 13.0), here with weights of 8
 * bits, so that sums fit into 16: good for shrinking to about an eighth.
 *
 * @param window the part of the resized image that is wanted
 * @param out address of the window's RGB rows, without padding
 */
export function resample(arena: Arena, image: Raster, size: Size, window: Box, out: number): void {
  const mark = arena.mark();
  const down = triangleFilter(image.height, size.height, window.top, window.height);
  const across = triangleFilter(image.width, size.width, window.left, window.width);
  const rowWeights = stored(arena, down.weights);
  const columnStarts = stored(
    arena,
    across.starts.map((start) => start * 3),
  );
  const columnWeights = stored(arena, inPairs(across));
  const steps = Math.ceil(across.taps / 2);
  const stride = image.width * 3;
  const row = arena.take(stride);
  for (let y = 0; y < window.height; y++) {
    const from = image.address + (down.starts[y] as number) * stride;
    arena.sumRows(from, stride, rowWeights + y * down.taps * 2, down.taps, stride, row);
    arena.sumColumns(row, columnStarts, columnWeights, steps, window.width, out + y * window.width * 3);
  }
  arena.release(mark);
}

function stored(arena: Arena, values: Int16Array | Int32Array): number {
  const address = arena.take(values.byteLength);
  arena.bytes().set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), address);
  return address;
}

/** The weights as `sumColumns` multiplies them: two neighbouring pixels, three channels each, in eight numbers. */
function inPairs({ taps, starts, weights }: Filter): Int16Array {
  const steps = Math.ceil(taps / 2);
  const pairs = new Int16Array(starts.length * steps * 8);
  for (let place = 0; place < starts.length; place++) {
    for (let tap = 0; tap < taps; tap++) {
      const weight = weights[place * taps + tap] as number;
      const at = (place * steps + (tap >> 1)) * 8 + (tap & 1) * 3;
      pairs[at] = weight;
      pairs[at + 1] = weight;
      pairs[at + 2] = weight;
    }
  }
  return pairs;
}

function triangleFilter(from: number, to: number, first: number, count: number): Filter {
  const scale = from / to;
  const support = Math.max(1, scale);
  const taps = Math.min(from, Math.ceil(2 * support));
  const starts = new Int32Array(count);
  const weights = new Int16Array(count * taps);
  const exact = new Float64Array(taps);
  for (let i = 0; i < count; i++) {
    const centre = (first + i + 0.5) * scale;
    // Pillow: the pixels whose centres lie within the support, rounded outwards by half a pixel.
    const low = Math.max(0, Math.trunc(centre - support + 0.5));
    const high = Math.min(from, Math.trunc(centre + support + 0.5));
    // Every place reads the same number of taps; at the far edge they begin earlier, with zeros.
    const start = Math.min(low, from - taps);
    for (let k = 0; k < taps; k++) {
      const pixel = start + k;
      const distance = Math.abs(pixel + 0.5 - centre) / support;
      exact[k] = pixel >= low && pixel < high && distance < 1 ? 1 - distance : 0;
    }
    starts[i] = start;
    toWholeWeights(exact, weights, i * taps);
  }
  return { taps, starts, weights };
}

/** Weights in proportion to `exact` as whole numbers that sum to 256; what rounding leaves over goes to the largest. */
function toWholeWeights(exact: Float64Array, weights: Int16Array, at: number): void {
  let sum = 0;
  for (const weight of exact) sum += weight;
  let rest = 256;
  let largest = 0;
  for (let k = 0; k < exact.length; k++) {
    const whole = Math.round((256 * (exact[k] as number)) / sum);
    weights[at + k] = whole;
    rest -= whole;
    if ((exact[k] as number) > (exact[largest] as number)) largest = k;
  }
  weights[at + largest] = (weights[at + largest] as number) + rest;
}
