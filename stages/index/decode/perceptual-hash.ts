/** Pixels along each side of the picture that a hash is made of. */
export const hashedSide = 32;

/** Frequencies along each side that a hash keeps. */
const kept = 8;

/** Grey levels between darkest and brightest from which on a photo shows something: below, noise would make the hash. */
const leastContrast = 5;

/** Coefficients that differ by less are equal but for rounding: those of a picture without any detail along one side. */
const rounding = 1e-6;

/** The k-th basis vector's n-th value of the discrete cosine transform (type II, not normalised) of 32 values. */
const cosine = (k: number, n: number) => Math.cos((Math.PI * k * (2 * n + 1)) / (2 * hashedSide));

/** The basis vectors that are kept, as rows and as columns. */
const cosines = Float64Array.from({ length: kept * hashedSide }, (_, i) =>
  cosine(Math.floor(i / hashedSide), i % hashedSide),
);
const transposed = Float64Array.from({ length: hashedSide * kept }, (_, i) =>
  cosine(i % kept, Math.floor(i / kept)),
);

/**
 * The 64-bit perceptual hash (pHash) of a photo: whether each of the 8 × 8 lowest frequencies of its brightness, in rows from the
 * lowest vertical one, is above their median. Copies that were resized, compressed or slightly cropped differ in few bits.
 *
 * Source: ImageHash 4.3, `phash` (low 8 × 8 of the cosine transform of 32 × 32 pixels, compared with the median); its
 * `hex_to_hash` reads the same form (its own hash, of photos shrunk by Pillow, differed in 6 bits at most among 80). All zeros, which no photo with any structure has, is ours: a photo of one colour.
 *
 * @param pixels 32 × 32 pixels of 0 to 255, interleaved, the photo squeezed into the square
 * @param channels 1 or 2: grey first; 3 or 4: red, green, blue first
 * @returns 16 hexadecimal digits
 */
export function perceptualHash(pixels: Uint8Array, channels: number): string {
  const grey = brightness(pixels, channels);
  if (contrastOf(grey) < leastContrast) return "0".repeat(16);
  const coefficients = lowFrequencies(grey);
  const sorted = Float64Array.from(coefficients).sort();
  const median = ((sorted[31] as number) + (sorted[32] as number)) / 2;
  return hexadecimal(Array.from(coefficients, (value) => value - median > rounding));
}

/** Rec. 601 luma in whole numbers, as Pillow 12 has it (`convert("L")`, libImaging/Convert.c). */
function brightness(pixels: Uint8Array, channels: number): Float64Array {
  const grey = new Float64Array(hashedSide * hashedSide);
  for (let i = 0; i < grey.length; i++) {
    const at = i * channels;
    const first = pixels[at] as number;
    const green = pixels[at + 1] as number;
    const blue = pixels[at + 2] as number;
    grey[i] = channels < 3 ? first : (19_595 * first + 38_470 * green + 7_471 * blue + 32_768) >> 16;
  }
  return grey;
}

function contrastOf(grey: Float64Array): number {
  let darkest = 255;
  let brightest = 0;
  for (const value of grey) {
    if (value < darkest) darkest = value;
    if (value > brightest) brightest = value;
  }
  return brightest - darkest;
}

/** The lowest frequencies of a picture: a row for each vertical one, from 0, a column for each horizontal one. */
function lowFrequencies(grey: Float64Array): Float64Array {
  const along = product(cosines, grey, kept, hashedSide);
  return product(along, transposed, kept, kept);
}

/** The product of two matrices, [rows, 32] · [32, columns], row by row. */
function product(left: Float64Array, right: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let inner = 0; inner < hashedSide; inner++) {
      const factor = left[row * hashedSide + inner] as number;
      for (let column = 0; column < columns; column++) {
        const at = row * columns + column;
        out[at] = (out[at] as number) + factor * (right[inner * columns + column] as number);
      }
    }
  return out;
}

/** Bits as hexadecimal digits, the first bit the highest. */
function hexadecimal(bits: readonly boolean[]): string {
  const digits = Array.from({ length: bits.length / 4 }, (_, i) =>
    bits.slice(i * 4, i * 4 + 4).reduce((digit, bit) => digit * 2 + Number(bit), 0),
  );
  return digits.map((digit) => digit.toString(16)).join("");
}
