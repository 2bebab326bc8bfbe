import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { PipelineError } from "../../shared/errors.ts";
import { list } from "../../stages/index/layout/list.ts";
import type { Listing } from "../../stages/index/row.ts";
import { classesOf } from "../../stages/index/split/classes.ts";

/** Photos by their names alone. */
export interface Found {
  readonly listing: Listing;
  /** with how many photos each has, in sorted order */
  readonly classes: readonly { readonly name: string; readonly photos: number }[];
  readonly labelled: number;
  /** how many photos the folder itself puts into each part; null where it gives no split */
  readonly given: Readonly<Record<"train" | "validation" | "test", number>> | null;
  /** files that are not read as photos, by the endings of their names */
  readonly others: ReadonlyMap<string, number>;
}

/**
 * Lists a folder of photos, or a table of them, as `index` will.
 *
 * @throws PipelineError `data` where nothing is there that could be trained on, saying what is there instead
 */
export async function found(data: string): Promise<Found> {
  const others = await otherFiles(data);
  const listing = await list(data).catch((error: unknown) => {
    throw error instanceof PipelineError ? withOthers(error, others) : error;
  });
  const labels = listing.rows.flatMap(({ label }) => (label === null ? [] : [label]));
  const { names, members } = classesOf(labels);
  const inPart = (part: string) => listing.rows.filter(({ given }) => given === part).length;
  const given = { train: inPart("train"), validation: inPart("validation"), test: inPart("test") };
  return {
    listing,
    classes: names.map((name, i) => ({ name, photos: members[i]?.length ?? 0 })),
    labelled: labels.length,
    given: given.validation + given.test > 0 ? given : null,
    others,
  };
}

/** Endings of photos and films that have to be converted first. */
const unread = new Set([
  ...[".heic", ".heif", ".avif", ".jxl", ".tif", ".tiff", ".bmp", ".gif", ".svg"],
  ...[".cr2", ".cr3", ".nef", ".arw", ".dng", ".raf", ".rw2", ".orf", ".mov", ".mp4", ".avi", ".pdf"],
]);

/** "12 .heic, 3 .gif" of the files that look like photos and cannot be read; "" where there are none. */
export function unreadInWords(others: ReadonlyMap<string, number>): string {
  return [...others]
    .filter(([ending]) => unread.has(ending))
    .map(([ending, count]) => `${count} ${ending}`)
    .join(", ");
}

const convert = "JPEG, PNG and WebP are read: convert the others first (heif-convert, ImageMagick, ffmpeg)";

function withOthers(error: PipelineError, others: ReadonlyMap<string, number>): PipelineError {
  const words = unreadInWords(others);
  if (words === "") return error;
  return new PipelineError(error.code, `${error.message}\n  there are ${words}. ${convert}`, {
    cause: error,
  });
}

/** Files below a folder whose names are not a photo's, counted by ending; hidden ones left out. */
async function otherFiles(data: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const isFolder = (await stat(data).catch(() => null))?.isDirectory() ?? false;
  if (!isFolder) return counts;
  for (const entry of await readdir(data, { withFileTypes: true, recursive: true })) {
    const ending = path.extname(entry.name).toLowerCase();
    if (!entry.isFile() || entry.name.startsWith(".") || photoEndings.has(ending)) continue;
    counts.set(ending, (counts.get(ending) ?? 0) + 1);
  }
  return counts;
}

const photoEndings = new Set([".jpg", ".jpeg", ".png", ".webp"]);
