/** Pixels along each side of the picture that a hash is made of. */
export const hashedSide = 32;

/** Frequencies along each side that a hash keeps. */
const kept = 8;

/** Grey levels between darkest and brightest from which on a photo shows something: below, noise would make the hash. */
const leastContrast = 5;

/** Coefficients that differ by less are equal but for rounding: those of a picture without any detail along one side. */
const rounding = 1e-6;

/** Row k: the k-th basis vector of the discrete cosine transform (type II, not normalised) of 32 values. */
const cosines = Array.from({ length: kept }, (_, k) =>
  Float64Array.from({ length: hashedSide }, (_, n) =>
    Math.cos((Math.PI * k * (2 * n + 1)) / (2 * hashedSide)),
  ),
);

/**
 * The 64-bit perceptual hash (pHash) of a photo: whether each of the 8 × 8 lowest frequencies of its brightness, in rows from the
 * lowest vertical one, is above their median. Copies that were resized, compressed or slightly cropped differ in few bits.
 *
 * Source: ImageHash 4.3, `phash` (low 8 × 8 of the cosine transform of 32 × 32 pixels, compared with the median); its
 * `hex_to_hash` reads the same form. All zeros, which no photo with any structure has, is ours: a photo of one colour.
 *
 * @param pixels 32 × 32 pixels of 0 to 255, interleaved, the photo squeezed into the square
 * @param channels 1 or 2: grey first; 3 or 4: red, green, blue first
 * @returns 16 hexadecimal digits
 */
export function perceptualHash(pixels: Uint8Array, channels: number): string {
  const grey = brightness(pixels, channels);
  if (Math.max(...grey) - Math.min(...grey) < leastContrast) return "0".repeat(16);
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
    const [green, blue] = [pixels[at + 1] as number, pixels[at + 2] as number];
    grey[i] = channels < 3 ? first : (19_595 * first + 38_470 * green + 7_471 * blue + 32_768) >> 16;
  }
  return grey;
}

/** The lowest frequencies of a picture: a row for each vertical one, from 0, a column for each horizontal one. */
function lowFrequencies(grey: Float64Array): Float64Array {
  const coefficients = new Float64Array(kept * kept);
  const along = new Float64Array(hashedSide);
  cosines.forEach((down, k) => {
    along.fill(0);
    for (let y = 0; y < hashedSide; y++)
      for (let x = 0; x < hashedSide; x++)
        along[x] = (along[x] as number) + (down[y] as number) * (grey[y * hashedSide + x] as number);
    cosines.forEach((across, l) => {
      let sum = 0;
      for (let x = 0; x < hashedSide; x++) sum += (across[x] as number) * (along[x] as number);
      coefficients[k * kept + l] = sum;
    });
  });
  return coefficients;
}

/** Bits as hexadecimal digits, the first bit the highest. */
function hexadecimal(bits: readonly boolean[]): string {
  const digits = Array.from({ length: bits.length / 4 }, (_, i) =>
    bits.slice(i * 4, i * 4 + 4).reduce((digit, bit) => digit * 2 + Number(bit), 0),
  );
  return digits.map((digit) => digit.toString(16)).join("");
}
