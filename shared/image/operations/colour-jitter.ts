import type { Random } from "../../random.ts";

/** How far each factor may lie from 1, to either side. */
export interface ColourStrengths {
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
}

export type ColourFactors = ColourStrengths;

/**
 * Factors uniform in [max(0, 1 − strength), 1 + strength], as torchvision's ColorJitter draws them; null where every
 * strength is 0. They are applied in a fixed order (brightness, contrast, saturation), torchvision shuffles it.
 */
export function colourFactors(strengths: ColourStrengths, random: Random): ColourFactors | null {
  const { brightness, contrast, saturation } = strengths;
  if (brightness === 0 && contrast === 0 && saturation === 0) return null;
  const factor = (strength: number) => {
    const low = Math.max(0, 1 - strength);
    return low + (1 + strength - low) * random();
  };
  return { brightness: factor(brightness), contrast: factor(contrast), saturation: factor(saturation) };
}

/**
 * Changes the colours of RGB pixels in place, each step rounded to bytes: brightness mixes with black, contrast with
 * the mean grey of the image, saturation with each pixel's own grey. Method: Pillow's ImageEnhance (13.0), grey as
 * ITU-R 601-2 weighs it.
 */
export function applyColour(pixels: Uint8Array, { brightness, contrast, saturation }: ColourFactors): void {
  mixWith(pixels, 0, brightness);
  mixWith(pixels, Math.floor(meanGrey(pixels) + 0.5), contrast);
  for (let i = 0; i < pixels.length; i += 3) {
    const grey = greyAt(pixels, i);
    for (let c = i; c < i + 3; c++) {
      pixels[c] = mixed(grey, pixels[c] as number, saturation);
    }
  }
}

function mixWith(pixels: Uint8Array, level: number, factor: number): void {
  const table = Uint8Array.from({ length: 256 }, (_, value) => mixed(level, value, factor));
  for (let i = 0; i < pixels.length; i++) pixels[i] = table[pixels[i] as number] as number;
}

function meanGrey(pixels: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < pixels.length; i += 3) sum += greyAt(pixels, i);
  return sum / (pixels.length / 3);
}

/** Pillow's integer form of 0.299 R + 0.587 G + 0.114 B. */
function greyAt(pixels: Uint8Array, i: number): number {
  const [r, g, b] = [pixels[i] as number, pixels[i + 1] as number, pixels[i + 2] as number];
  return (19595 * r + 38470 * g + 7471 * b + 0x8000) >> 16;
}

/** Pillow's blend of two bytes: in 32-bit numbers, and cut to a whole one, not rounded. */
function mixed(from: number, to: number, factor: number): number {
  const value = Math.fround(from + Math.fround(Math.fround(factor) * (to - from)));
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.floor(value);
}
