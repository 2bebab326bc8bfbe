import sharp, { type Sharp } from "sharp";
import { bmpSize, decodeBmp } from "./bmp.ts";
import { heicSize } from "./heic.ts";
import { decodedHeic } from "./heic-threads.ts";
import { isCmyk } from "./jpeg.ts";
import type { Pixels, Size } from "./pixels.ts";
import type { RawPixels } from "./raw-pixels.ts";
import { formatOf, UnsupportedFormat, whyNotRead } from "./signature.ts";
import { expectPlainTiff } from "./tiff.ts";

/** A decoded photo, and how large it is in its file, its EXIF orientation applied. */
export interface Photo extends Pixels {
  readonly original: Size;
}

/**
 * What ends decoding (sharp's `failOn`): a warning, a file that breaks off, or only what cannot be
 * gone on from.
 */
export type FailOn = "warning" | "truncated" | "none";

export interface DecodeOptions {
  /** what transparent photos are drawn on: "white", "#rrggbb" */
  readonly background: string;
  readonly failOn: FailOn;
  /**
   * "outside": photos whose shorter side is longer than `side` are decoded at about that size, a
   * JPEG at a half, a quarter or an eighth of its size straight from its frequencies (libjpeg's
   * scaling), the rest by a filter. Memory and time then hardly depend on the camera. "fill":
   * squeezed into a square. Without it a photo is decoded whole.
   */
  readonly resize?: { readonly fit: "outside" | "fill"; readonly side: number };
}

/**
 * The name of a photo's format.
 *
 * @throws UnsupportedFormat where it is none that is read
 */
export function readableFormat(bytes: Uint8Array): string {
  const format = formatOf(bytes);
  if (format?.isRead !== true) throw new UnsupportedFormat(whyNotRead(bytes));
  return format.name;
}

/** The size of a photo in its file, its orientation applied; reads the header alone. */
export async function sizeOf(bytes: Uint8Array): Promise<Size> {
  const format = readableFormat(bytes);
  if (format === "HEIC" || format === "HEIF") return heicSize(bytes);
  if (format === "BMP") return bmpSize(bytes);
  if (format === "TIFF") expectPlainTiff(bytes);
  // Without a limit, so that whoever refuses a photo can say how large it is.
  const { autoOrient } = await sharp(bytes, { limitInputPixels: false }).metadata();
  return { width: autoOrient.width, height: autoOrient.height };
}

/**
 * Decodes a photo into RGB bytes as Pillow's `convert("RGB")` sees it: EXIF orientation applied,
 * grey expanded, 16 bits as their upper eight, CMYK by complement, numbers as they stand in the
 * file whatever profile is beside them; transparency is blended on the background. Of what moves or
 * has pages, the first.
 *
 * @throws UnsupportedFormat where the bytes are of no kind that is read
 * @throws Error where they are too damaged for `failOn`
 */
export async function decodeRgb(bytes: Uint8Array, options: DecodeOptions): Promise<Photo> {
  const { background, resize } = options;
  const { image, isInks, size } = await opened(bytes, options);
  if (resize?.fit === "fill") image.resize(resize.side, resize.side, { fit: "fill" });
  if (resize?.fit === "outside")
    image.resize({ width: resize.side, height: resize.side, fit: "outside", withoutEnlargement: true });
  image.flatten({ background }).toColourspace(isInks ? "cmyk" : "srgb");
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  // A Buffer's elements are read by other machine code than a plain Uint8Array's; the warp is
  // compiled for one of them.
  const plain = new Uint8Array(data.buffer, data.byteOffset, data.length);
  const rgb = isInks ? withoutInks(plain) : channels === 1 ? expanded(plain) : plain;
  // Only where the photo was made smaller can its own size be another.
  const isWhole = resize === undefined || (resize.fit === "outside" && Math.min(width, height) < resize.side);
  return {
    data: rgb,
    width,
    height,
    original: isWhole ? { width, height } : (size ?? (await sizeOf(bytes))),
  };
}

interface Opened {
  readonly image: Sharp;
  /** whether its channels are four inks, as in a printer's JPEG or TIFF */
  readonly isInks: boolean;
  /** the photo's size where it is known already */
  readonly size: Size | null;
}

async function opened(bytes: Uint8Array, { failOn }: DecodeOptions): Promise<Opened> {
  const format = readableFormat(bytes);
  if (format === "BMP") return fromRaw(decodeBmp(bytes));
  if (format === "HEIC" || format === "HEIF") return fromRaw(await decodedHeic(bytes));
  // Pillow goes by the numbers in the file, and so did whoever trained the backbone.
  const input = { sequentialRead: true, failOn, limitInputPixels: false, ignoreIcc: true } as const;
  const image = sharp(bytes, input).autoOrient();
  const isInks = format === "JPEG" ? isCmyk(bytes) : format === "TIFF" && (await isCmykTiff(bytes));
  if (isInks) image.pipelineColourspace("cmyk");
  // Grey becomes colour before it is blended on one. JPEG has no transparency and WebP no grey:
  // both are reduced as they are decoded.
  else if (format !== "JPEG" && format !== "WebP") image.pipelineColourspace("srgb");
  return { image, isInks, size: null };
}

async function isCmykTiff(bytes: Uint8Array): Promise<boolean> {
  expectPlainTiff(bytes);
  const { space } = await sharp(bytes, { limitInputPixels: false }).metadata();
  return space === "cmyk";
}

function fromRaw({ data, width, height, channels, isPremultiplied }: RawPixels): Opened {
  const raw = { width, height, channels, premultiplied: isPremultiplied };
  return { image: sharp(data, { raw, limitInputPixels: false }), isInks: false, size: { width, height } };
}

function expanded(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(grey.length * 3);
  for (let i = 0; i < grey.length; i++) rgb.fill(grey[i] as number, i * 3, i * 3 + 3);
  return rgb;
}

/** CMYK to RGB by complement, rounded as libImaging/Convert.c does. */
function withoutInks(cmyk: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((cmyk.length / 4) * 3);
  for (let pixel = 0; pixel < cmyk.length / 4; pixel++) {
    const light = 255 - (cmyk[pixel * 4 + 3] as number);
    for (let c = 0; c < 3; c++) {
      const product = (cmyk[pixel * 4 + c] as number) * light + 128;
      rgb[pixel * 3 + c] = light - (((product >> 8) + product) >> 8);
    }
  }
  return rgb;
}
