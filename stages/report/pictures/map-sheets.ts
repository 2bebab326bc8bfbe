import sharp from "sharp";
import { smallSide, webpUri } from "./thumbnails.ts";

/** The photos of the map, many on a sheet: one image a photo would cost a header each. */
export interface MapPictures {
  /** data URIs of WebP images */
  readonly sheets: readonly string[];
  /** photos beside each other on a sheet, and below each other */
  readonly across: number;
  /** side of each photo, in pixels */
  readonly side: number;
}

const across = 20;
const onSheet = across * across;

/**
 * Puts photos on sheets, in their order: photo i is on sheet ⌊i / across²⌋, row by row.
 *
 * @param photos RGB pixels, `smallSide` × `smallSide` each
 */
export async function mapSheets(photos: readonly Uint8Array[]): Promise<MapPictures> {
  const sheets: string[] = [];
  for (let first = 0; first < photos.length; first += onSheet)
    sheets.push(await sheetOf(photos.slice(first, first + onSheet)));
  return { sheets, across, side: smallSide };
}

async function sheetOf(photos: readonly Uint8Array[]): Promise<string> {
  const width = across * smallSide;
  const height = Math.ceil(photos.length / across) * smallSide;
  const pixels = new Uint8Array(width * height * 3);
  photos.forEach((photo, i) => {
    const left = (i % across) * smallSide;
    const top = Math.floor(i / across) * smallSide;
    for (let y = 0; y < smallSide; y++)
      pixels.set(photo.subarray(y * smallSide * 3, (y + 1) * smallSide * 3), ((top + y) * width + left) * 3);
  });
  const image = sharp(pixels, { raw: { width, height, channels: 3 } });
  return webpUri(await image.webp({ quality: 60, effort: 4 }).toBuffer());
}
