import type { Box, Pixels, Size } from "./pixels.ts";

/** For each place of the output along one axis: the first place of the input that counts, and the weights from there. */
interface Filter {
  readonly taps: number;
  readonly starts: Int32Array;
  /** `taps` for each place, summing to 256, zeros at the end */
  readonly weights: Int32Array;
}

/**
 * Part of an image resized to `size`, antialiased: a triangle filter as wide as the shrinking asks for, rows first
 * down, then across, bytes between. Method: Pillow's BILINEAR (libImaging/Resample.c, 13.0), here with weights of 8
 * bits, so that a 32-bit multiplication serves two bytes: good for shrinking to about an eighth.
 *
 * @param window the part of the resized image that is wanted
 * @param out RGB rows of the window, without padding
 */
export function resample(image: Pixels, size: Size, window: Box, out: Uint8Array): void {
  const down = triangleFilter(image.height, size.height, window.top, window.height);
  const across = triangleFilter(image.width, size.width, window.left, window.width);
  const words = Math.ceil((image.width * 3) / 4);
  const source = alignedRows(image, words);
  const pair = new Int32Array(words * 4);
  const rowBytes = window.width * 3;
  for (let y = 0; y < window.height; y += 2) {
    const other = Math.min(y + 1, window.height - 1);
    shrinkDown(source, words, down, y, other, pair);
    shrinkAcross(pair, across, out, y * rowBytes, other * rowBytes);
  }
}

/** Two output rows y and z at once: their bytes as one word, z's 16 bits above y's. */
function shrinkDown(
  source: Int32Array,
  words: number,
  { taps, starts, weights }: Filter,
  y: number,
  z: number,
  pair: Int32Array,
): void {
  const mask = 0x00ff00ff;
  const half = 0x00800080;
  const [fromY, fromZ] = [(starts[y] as number) * words, (starts[z] as number) * words];
  const [weightsY, weightsZ] = [y * taps, z * taps];
  for (let j = 0; j < words; j++) {
    let evenY = half;
    let oddY = half;
    let evenZ = half;
    let oddZ = half;
    let p = fromY + j;
    let q = fromZ + j;
    for (let k = 0; k < taps; k++) {
      const a = source[p] as number;
      const b = source[q] as number;
      const u = weights[weightsY + k] as number;
      const v = weights[weightsZ + k] as number;
      evenY = (evenY + Math.imul(a & mask, u)) | 0;
      oddY = (oddY + Math.imul((a >>> 8) & mask, u)) | 0;
      evenZ = (evenZ + Math.imul(b & mask, v)) | 0;
      oddZ = (oddZ + Math.imul((b >>> 8) & mask, v)) | 0;
      p = (p + words) | 0;
      q = (q + words) | 0;
    }
    const o = j << 2;
    pair[o] = ((evenY >>> 8) & 0xff) | ((evenZ & 0xff00) << 8);
    pair[o + 1] = ((oddY >>> 8) & 0xff) | ((oddZ & 0xff00) << 8);
    pair[o + 2] = (evenY >>> 24) | ((evenZ >>> 8) & 0xff0000);
    pair[o + 3] = (oddY >>> 24) | ((oddZ >>> 8) & 0xff0000);
  }
}

function shrinkAcross(
  pair: Int32Array,
  { taps, starts, weights }: Filter,
  out: Uint8Array,
  y: number,
  z: number,
): void {
  const places = starts.length;
  let w = 0;
  for (let x = 0; x < places; x++) {
    let r = 0x00800080;
    let g = 0x00800080;
    let b = 0x00800080;
    let p = Math.imul(starts[x] as number, 3);
    for (let k = 0; k < taps; k++) {
      const weight = weights[w] as number;
      r = (r + Math.imul(pair[p] as number, weight)) | 0;
      g = (g + Math.imul(pair[p + 1] as number, weight)) | 0;
      b = (b + Math.imul(pair[p + 2] as number, weight)) | 0;
      p = (p + 3) | 0;
      w = (w + 1) | 0;
    }
    out[y] = r >>> 8;
    out[y + 1] = g >>> 8;
    out[y + 2] = b >>> 8;
    out[z] = r >>> 24;
    out[z + 1] = g >>> 24;
    out[z + 2] = b >>> 24;
    y = (y + 3) | 0;
    z = (z + 3) | 0;
  }
}

/** The rows as 32-bit words, each row's first byte at the start of one. */
function alignedRows({ data, width, height }: Pixels, words: number): Int32Array {
  const rowBytes = width * 3;
  if (rowBytes % 4 === 0 && data.byteOffset % 4 === 0)
    return new Int32Array(data.buffer, data.byteOffset, words * height);
  const padded = new Uint8Array(words * 4 * height);
  for (let y = 0; y < height; y++) padded.set(data.subarray(y * rowBytes, (y + 1) * rowBytes), y * words * 4);
  return new Int32Array(padded.buffer);
}

function triangleFilter(from: number, to: number, first: number, count: number): Filter {
  const scale = from / to;
  const support = Math.max(1, scale);
  const taps = Math.min(from, Math.ceil(2 * support));
  const starts = new Int32Array(count);
  const weights = new Int32Array(count * taps);
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
function toWholeWeights(exact: Float64Array, weights: Int32Array, at: number): void {
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
