import { readFile } from "node:fs/promises";
import { codeOf } from "../artifacts/store.ts";
import type { Arena } from "../image/arena.ts";
import { type Photo, sizeOf } from "../image/decode.ts";
import { type Damaged, faultIn, judged } from "../image/judged.ts";
import { decodeForViews, warpViews } from "../image/photo-views.ts";
import { besideOthersOrAlone, type Room, within } from "../image/pixel-room.ts";
import { startsAsPhoto, whyNotRead } from "../image/signature.ts";
import { mirror, type TestTimeAugmentation, viewCount, viewsToWarp } from "./asked-views.ts";

/** A photo to be asked about: the path of its file, or its bytes. */
export type PhotoSource = string | Uint8Array;

/** What all photos are made into. */
export interface PixelsWanted {
  readonly resize: number;
  readonly side: number;
  /** a photo of more pixels is not decoded */
  readonly maxPixels: number;
  /** what transparent photos are drawn on */
  readonly background: string;
  readonly damaged: Damaged;
}

/** What is asked about one photo. */
export interface AskedPixels {
  readonly source: PhotoSource;
  readonly augmentation: TestTimeAugmentation | undefined;
}

/**
 * A photo's views, views · side · side · 3 bytes, RGB, the clean view first; or why it cannot be
 * read.
 */
export type PhotoPixels = { readonly pixels: Uint8Array } | { readonly unreadable: string };

/** What photos that are read at the same time share. */
export interface Workplace {
  readonly arena: Arena;
  readonly room: Room;
}

/** Reads a photo and makes the views that are asked about. */
export async function pixelsOf(
  { source, augmentation }: AskedPixels,
  wanted: PixelsWanted,
  { arena, room }: Workplace,
): Promise<PhotoPixels> {
  const read = await readPhoto(source, wanted, room).catch((error: unknown) => ({
    unreadable: reasonIn(error),
  }));
  if ("unreadable" in read) return read;
  const { side } = wanted;
  const size = side * side * 3;
  const pixels = new Uint8Array(viewCount(augmentation) * size);
  const rows = (number: number) => pixels.subarray(number * size, (number + 1) * size);
  const views = viewsToWarp(augmentation, read.bytes, read.photo.original, wanted);
  warpViews(
    read.photo,
    views.map((view, number) => ({ view, out: rows(number) })),
    arena,
  );
  if (augmentation === "flip") mirror(rows(0), side, rows(1));
  return { pixels };
}

type ReadPhoto = { readonly bytes: Uint8Array; readonly photo: Photo } | { readonly unreadable: string };

async function readPhoto(source: PhotoSource, wanted: PixelsWanted, room: Room): Promise<ReadPhoto> {
  const bytes = typeof source === "string" ? await readFile(source) : source;
  if (!startsAsPhoto(bytes)) return { unreadable: whyNotRead(bytes) };
  const { resize, maxPixels, background, damaged } = wanted;
  return besideOthersOrAlone<ReadPhoto>(room, async (own, isAlone) => {
    const { width, height } = await within(own, 0, () => sizeOf(bytes));
    const pixels = width * height;
    if (pixels > maxPixels) return { unreadable: `${width} × ${height} pixels, more than ${maxPixels}` };
    const photo = await within(own, pixels, () =>
      judged(bytes, { damaged, isAlone }, (sound, failOn) =>
        decodeForViews(sound, { resize, background, failOn }),
      ),
    );
    return { bytes, photo };
  }).catch((error: unknown) => ({ unreadable: faultIn(error, bytes) }));
}

function reasonIn(error: unknown): string {
  const code = codeOf(error) ?? "";
  if (code === "ENOENT") return "no such file";
  if (code === "EISDIR") return "a folder";
  if (code === "EACCES" || code === "EPERM") return `this user may not read it (${code})`;
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
