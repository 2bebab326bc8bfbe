import type { Artifact } from "../../../shared/artifacts/types.ts";
import sharp, { type Sharp } from "sharp";
import { type CleanPhoto, cleanPhotos } from "./clean-photos.ts";

/** Side of a photo that the page shows larger, in pixels. */
const largeSide = 128;
/** Side of a photo on the map, in pixels: 2,000 of them take 2 MB or so. It is shown half as large again. */
export const smallSide = 64;

/** What the page shows of photos, by sha256. */
export interface Thumbnails {
  /** data URIs of WebP images of `largeSide` */
  readonly large: ReadonlyMap<string, string>;
  /** RGB pixels, `smallSide` × `smallSide` */
  readonly small: ReadonlyMap<string, Uint8Array>;
}

/** Makes both kinds of thumbnails in one pass over the clean views. */
export async function makeThumbnails(
  augment: Artifact,
  wanted: { readonly large: ReadonlySet<string>; readonly small: ReadonlySet<string> },
  signal: AbortSignal,
): Promise<Thumbnails> {
  const large = new Map<string, string>();
  const small = new Map<string, Uint8Array>();
  for await (const photos of cleanPhotos(augment, new Set([...wanted.large, ...wanted.small]))) {
    signal.throwIfAborted();
    await Promise.all(
      photos.map(async (photo) => {
        if (wanted.large.has(photo.sha256)) large.set(photo.sha256, await dataUri(photo));
        if (wanted.small.has(photo.sha256)) small.set(photo.sha256, await smallPixels(photo));
      }),
    );
  }
  return { large, small };
}

async function dataUri(photo: CleanPhoto): Promise<string> {
  const bytes = await resized(photo, largeSide).webp({ quality: 72, effort: 4 }).toBuffer();
  return webpUri(bytes);
}

async function smallPixels(photo: CleanPhoto): Promise<Uint8Array> {
  return resized(photo, smallSide).raw().toBuffer();
}

function resized({ pixels, width, height }: CleanPhoto, side: number): Sharp {
  return sharp(pixels, { raw: { width, height, channels: 3 } }).resize(side, side);
}

export function webpUri(bytes: Buffer): string {
  return `data:image/webp;base64,${bytes.toString("base64")}`;
}
