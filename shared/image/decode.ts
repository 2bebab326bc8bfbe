import sharp from "sharp";
import { startsAsPhoto } from "./signature.ts";
import type { Pixels, Size } from "./pixels.ts";

/** A decoded photo, and how large it is in its file, its EXIF orientation applied. */
export interface Photo extends Pixels {
  readonly original: Size;
}

export interface DecodeOptions {
  /**
   * Photos whose shorter side is longer than this are decoded at about that size: a JPEG at a half, a quarter or an
   * eighth of its size straight from its frequencies (libjpeg's scaling), the rest by a filter. Memory and time then
   * hardly depend on the camera. Without it a photo is decoded whole.
   */
  readonly shorterSide?: number;
}

/**
 * Decodes a JPEG, PNG or WebP into RGB bytes: EXIF orientation applied, colours in sRGB, grey expanded, alpha dropped
 * (not blended, as Pillow's `convert("RGB")` drops it).
 *
 * @throws Error where the bytes are none of the three, or too damaged to be a whole photo
 */
export async function decodeRgb(bytes: Uint8Array, { shorterSide }: DecodeOptions = {}): Promise<Photo> {
  // libvips reads a dozen more formats; an SVG could name other files to be read.
  if (!startsAsPhoto(bytes)) throw new Error("neither JPEG, PNG nor WebP");
  // "truncated": damage that libjpeg mends with a warning is common in the wild, and harmless.
  const decoding = sharp(bytes, { sequentialRead: true, failOn: "truncated", limitInputPixels: false })
    .autoOrient()
    .removeAlpha()
    .toColourspace("srgb");
  if (shorterSide !== undefined) {
    decoding.resize({ width: shorterSide, height: shorterSide, fit: "outside", withoutEnlargement: true });
  }
  const { data, info } = await decoding.raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  // A Buffer's elements are read by other machine code than a plain Uint8Array's; the warp is compiled for one of them.
  const plain = new Uint8Array(data.buffer, data.byteOffset, data.length);
  const pixels = { data: info.channels === 1 ? expanded(plain) : plain, width, height };
  // Only where the photo was made smaller can its own size be another.
  const reduced = shorterSide !== undefined && Math.min(width, height) === shorterSide;
  return { ...pixels, original: reduced ? await sizeOf(bytes) : { width, height } };
}

/** The size of a photo in its file, its EXIF orientation applied; reads the header alone. */
async function sizeOf(bytes: Uint8Array): Promise<Size> {
  const { autoOrient } = await sharp(bytes, { limitInputPixels: false }).metadata();
  return { width: autoOrient.width, height: autoOrient.height };
}

function expanded(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(grey.length * 3);
  for (let i = 0; i < grey.length; i++) rgb.fill(grey[i] as number, i * 3, i * 3 + 3);
  return rgb;
}
