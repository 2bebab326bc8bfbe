import { readFile } from "node:fs/promises";
import sharp from "sharp";
import { codeOf } from "../artifacts/store.ts";
import { PipelineError, unexpected } from "../errors.ts";
import type { Arena } from "../image/arena.ts";
import type { Photo } from "../image/decode.ts";
import { decodeForViews, warpViews } from "../image/photo-views.ts";
import { startsAsPhoto } from "../image/signature.ts";
import { mirror, type TestTimeAugmentation, viewCount, viewsToWarp } from "./asked-views.ts";
import type { Turns } from "./turns.ts";

/** A photo to be asked about: the path of a JPEG, PNG or WebP file, or its bytes. */
export type PhotoSource = string | Uint8Array;

/** What a photo is made into. */
export interface PixelsWanted {
  readonly resize: number;
  readonly side: number;
  readonly augmentation: TestTimeAugmentation | undefined;
  /** a photo of more pixels is not decoded */
  readonly maxPixels: number;
  readonly arena: Arena;
  /** shared by all photos that are decoded at the same time */
  readonly turns: Turns;
}

/**
 * Reads a photo and makes the views that are asked about.
 *
 * @returns views · side · side · 3 bytes, RGB, the clean view first
 * @throws PipelineError `data` where the photo cannot be read
 */
export async function pixelsOf(source: PhotoSource, wanted: PixelsWanted): Promise<Uint8Array> {
  const bytes = await bytesOf(source);
  const photo = await decoded(source, bytes, wanted);
  const { resize, side, augmentation, arena } = wanted;
  const size = side * side * 3;
  const pixels = new Uint8Array(viewCount(augmentation) * size);
  const rows = (number: number) => pixels.subarray(number * size, (number + 1) * size);
  const views = viewsToWarp(augmentation, bytes, photo.original, { resize, side });
  warpViews(
    photo,
    views.map((view, number) => ({ view, out: rows(number) })),
    arena,
  );
  if (augmentation === "flip") mirror(rows(0), side, rows(1));
  return pixels;
}

async function bytesOf(source: PhotoSource): Promise<Uint8Array> {
  if (typeof source !== "string") return source;
  return readFile(source).catch((error: unknown) => {
    const missing = codeOf(error) === "ENOENT";
    throw unreadable(source, missing ? "no such file" : firstLine(error), error);
  });
}

async function decoded(source: PhotoSource, bytes: Uint8Array, wanted: PixelsWanted): Promise<Photo> {
  if (!startsAsPhoto(bytes)) throw unreadable(source, "neither JPEG, PNG nor WebP");
  const decode = async () => {
    // A header is read without a limit, so that the error can say how large the photo is.
    const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
    if (width * height > wanted.maxPixels)
      throw unreadable(source, `${width} × ${height} pixels, more than ${wanted.maxPixels}`);
    return decodeForViews(bytes, wanted);
  };
  try {
    // libvips has one error text for all threads: only a photo that fails by itself can say why.
    return await wanted.turns.beside(decode).catch(() => wanted.turns.alone(decode));
  } catch (error) {
    if (error instanceof PipelineError) throw error;
    throw unreadable(source, firstLine(error), error);
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}

function unreadable(source: PhotoSource, got: string, cause?: unknown): PipelineError {
  return unexpected("data", {
    where: "predict",
    expected: "a photo that can be decoded",
    subject: typeof source === "string" ? source : `${source.length} bytes`,
    got,
    cause,
  });
}
