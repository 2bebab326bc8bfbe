import type { Pixels } from "../../../shared/image/pixels.ts";

/** The picture of the goldens: the formula of scripts/make-image-goldens.py. */
export function picture(width: number, height: number): Pixels {
  return drawn(width, height, (x, y) => [
    (x * 5 + y * 3) % 256,
    ((x >> 3) + (y >> 3)) % 2 === 0 ? 220 : 40,
    ((x * y) >> 4) % 256,
  ]);
}

/** An image whose pixels are a function of their place. */
export function drawn(
  width: number,
  height: number,
  colour: (x: number, y: number) => readonly [number, number, number],
): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data.set(colour(x, y), (y * width + x) * 3);
  return { data, width, height };
}

/** Peak signal-to-noise ratio of two images in dB; infinite where they are equal. */
export function psnr(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) throw new RangeError(`images of ${a.length} and ${b.length} bytes`);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return 10 * Math.log10((255 * 255 * a.length) / sum);
}
