import { stat } from "node:fs/promises";
import path from "node:path";
import { currentManifest, type Place } from "../../plan/plan.ts";
import { artifactOf } from "../../shared/artifacts/results.ts";
import { unexpected } from "../../shared/errors.ts";
import { leftOutInWords, leftOutTogether, nothingLeftOut } from "./left-out.ts";
import { filesBelow, inWords, type LeftOut, type Listing } from "./listing.ts";

/** A photo to predict. */
export interface AskedPhoto {
  /** what it is called in the answers */
  readonly id: string;
  /** where it lies */
  readonly file: string;
  /** why nobody needs to try to open it */
  readonly unreadable?: string;
}

/** The photos to predict, and what lay beside them and is none. */
export interface AskedPhotos {
  readonly photos: readonly AskedPhoto[];
  readonly leftOut: LeftOut;
}

/**
 * What is named: files, and all files below folders, whatever their names end in, in sorted order. The id of
 * a photo is its path from the folder, where one folder is named, else its path as it is given.
 *
 * @throws PipelineError `usage` where a path leads nowhere, `data` where a folder has no file in it or may not
 *   be looked into
 */
export async function photosNamed(names: readonly string[]): Promise<AskedPhotos> {
  const photos: AskedPhoto[] = [];
  const leftOut: LeftOut[] = [];
  for (const name of names) {
    if (!(await isFolder(name))) {
      photos.push({ id: name, file: name });
      continue;
    }
    const listing = await listed(name);
    leftOut.push(listing.leftOut);
    for (const { path: below, ...rest } of listing.files)
      photos.push({
        id: names.length === 1 ? below : path.posix.join(name, below),
        file: path.join(name, below),
        ...rest,
      });
  }
  return { photos, leftOut: leftOutTogether(leftOut) };
}

async function isFolder(name: string): Promise<boolean> {
  try {
    return (await stat(name)).isDirectory();
  } catch (error) {
    throw unexpected("usage", {
      where: "predict",
      expected: "a photo or a folder of photos",
      subject: name,
      got: inWords(error),
    });
  }
}

async function listed(folder: string): Promise<Listing> {
  const listing = await filesBelow(folder).catch((error: unknown) => {
    throw unexpected("data", {
      where: "predict",
      expected: "a folder that can be looked into",
      subject: folder,
      got: inWords(error),
      cause: error,
    });
  });
  if (listing.files.length > 0) return listing;
  throw unexpected("data", {
    where: "predict",
    expected: "photos",
    subject: folder,
    got: ["a folder without any file", ...leftOutInWords(listing.leftOut)].join("\n  "),
  });
}

/**
 * The unlabelled photos of the run's own data set (Kaggle's `test/`), by their ids in the index.
 *
 * @throws PipelineError `usage` where the run has none
 */
export async function unlabelledPhotos(place: Place): Promise<AskedPhotos> {
  const manifest = await currentManifest(place, "index");
  // Loaded here, as Arrow's library takes longer to load than most commands take.
  const { readIndexedPhotos } = await import("../../shared/photos.ts");
  const photos = manifest === null ? null : await readIndexedPhotos(artifactOf(place.store, manifest));
  const data = manifest?.config["data"];
  const folder = typeof data === "string" ? await folderOf(data) : "";
  const unlabelled = (photos?.ids ?? []).flatMap((id, row) =>
    photos?.labels[row] === -1 ? [{ id, file: path.join(folder, photos.paths[row] ?? "") }] : [],
  );
  if (unlabelled.length > 0) return { photos: unlabelled, leftOut: nothingLeftOut };
  throw unexpected("usage", {
    where: "predict",
    expected: "photos to predict",
    subject: "--photos",
    got:
      photos === null
        ? `none, and run ${place.run} has no photos`
        : `none, and all photos of run ${place.run} have labels`,
    hint: "npx zx pipeline.ts predict --photos DIR",
  });
}

/** Where the index's paths start: the data folder, or the one that the data's table lies in. */
async function folderOf(data: string): Promise<string> {
  const there = await stat(data).catch(() => null);
  return there?.isFile() === true ? path.dirname(data) : data;
}
