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
  const [upper, lower] = [new Int32Array(words * 2), new Int32Array(words * 2)];
  const pair = new Int32Array(words * 4);
  const rowBytes = window.width * 3;
  for (let y = 0; y < window.height; y += 2) {
    const next = Math.min(y + 1, window.height - 1);
    shrinkDown(source, words, down, y, upper);
    shrinkDown(source, words, down, next, lower);
    interleave(upper, lower, pair);
    shrinkAcross(pair, across, out, y * rowBytes, next * rowBytes);
  }
}

const bytes02 = 0x00ff00ff;
/** A half in each 16-bit lane, so that cutting 8 bits off rounds. */
const halves = 0x00800080;

/** One output row: for each word of four bytes, the sums (times 256) of bytes 0 and 2, and those of 1 and 3. */
function shrinkDown(source: Int32Array, words: number, filter: Filter, y: number, sums: Int32Array): void {
  const { taps, starts, weights } = filter;
  const start = starts[y] as number;
  sums.fill(halves);
  for (let k = 0; k < taps; k += 4) {
    const at = y * taps + k;
    // Beyond the last tap the weight is 0, whichever row is read.
    const last = start + taps - 1;
    addRows(
      source,
      words,
      Math.min(start + k, last) * words,
      Math.min(start + k + 1, last) * words,
      Math.min(start + k + 2, last) * words,
      Math.min(start + k + 3, last) * words,
      weights[at] as number,
      k + 1 < taps ? (weights[at + 1] as number) : 0,
      k + 2 < taps ? (weights[at + 2] as number) : 0,
      k + 3 < taps ? (weights[at + 3] as number) : 0,
      sums,
    );
  }
}

/** Adds four weighted rows: four at once, as the sums are then loaded and stored a quarter as often. */
function addRows(
  source: Int32Array,
  words: number,
  row0: number,
  row1: number,
  row2: number,
  row3: number,
  w0: number,
  w1: number,
  w2: number,
  w3: number,
  sums: Int32Array,
): void {
  for (let j = 0; j < words; j++) {
    const a = source[(row0 + j) | 0] as number;
    const b = source[(row1 + j) | 0] as number;
    const c = source[(row2 + j) | 0] as number;
    const d = source[(row3 + j) | 0] as number;
    const even =
      ((Math.imul(a & bytes02, w0) + Math.imul(b & bytes02, w1)) | 0) +
      ((Math.imul(c & bytes02, w2) + Math.imul(d & bytes02, w3)) | 0);
    const odd =
      ((Math.imul((a >>> 8) & bytes02, w0) + Math.imul((b >>> 8) & bytes02, w1)) | 0) +
      ((Math.imul((c >>> 8) & bytes02, w2) + Math.imul((d >>> 8) & bytes02, w3)) | 0);
    const o = j << 1;
    sums[o] = ((sums[o] as number) + even) | 0;
    sums[o + 1] = ((sums[o + 1] as number) + odd) | 0;
  }
}

/** Two rows of sums as bytes, one word a byte: the upper row's in the low 16 bits, the lower row's in the high ones. */
function interleave(upper: Int32Array, lower: Int32Array, pair: Int32Array): void {
  const length = upper.length;
  for (let i = 0; i < length; i += 2) {
    const [evenU, oddU] = [upper[i] as number, upper[i + 1] as number];
    const [evenL, oddL] = [lower[i] as number, lower[i + 1] as number];
    const o = i << 1;
    pair[o] = ((evenU >>> 8) & 0xff) | ((evenL & 0xff00) << 8);
    pair[o + 1] = ((oddU >>> 8) & 0xff) | ((oddL & 0xff00) << 8);
    pair[o + 2] = (evenU >>> 24) | ((evenL >>> 8) & 0xff0000);
    pair[o + 3] = (oddU >>> 24) | ((oddL >>> 8) & 0xff0000);
  }
}

/** Two output rows, y and z being where they begin, out of two rows that lie in one. */
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
    let r = halves;
    let g = halves;
    let b = halves;
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
