import { stat } from "node:fs/promises";
import path from "node:path";
import { currentManifest, type Place } from "../../plan/plan.ts";
import { artifactOf } from "../../shared/artifacts/results.ts";
import { unexpected } from "../../shared/errors.ts";
import { photosBelow } from "../../shared/photo-files.ts";

/** A photo to predict. */
export interface AskedPhoto {
  /** what it is called in the answers */
  readonly id: string;
  /** where it lies */
  readonly file: string;
}

/**
 * The photos that are named: files, and all JPEG, PNG and WebP files below folders, hidden ones left out, in sorted order. The id
 * of a photo is its path from the folder, where one folder is named, else its path as it is given.
 *
 * @throws PipelineError `usage` where a path leads nowhere, `data` where a folder has no photo in it
 */
export async function photosNamed(names: readonly string[]): Promise<AskedPhoto[]> {
  const photos: AskedPhoto[] = [];
  for (const name of names) {
    const there = await stat(name).catch(() => null);
    if (there === null)
      throw unexpected("usage", {
        where: "predict",
        expected: "a photo or a folder of photos",
        subject: name,
        got: "no such file or folder",
      });
    if (!there.isDirectory()) {
      photos.push({ id: name, file: name });
      continue;
    }
    const found = await photosBelow(name, "");
    if (found.length === 0)
      throw unexpected("data", {
        where: "predict",
        expected: "JPEG, PNG or WebP photos",
        subject: name,
        got: "a folder without any",
      });
    for (const photo of found)
      photos.push({
        id: names.length === 1 ? photo : path.posix.join(name, photo),
        file: path.join(name, photo),
      });
  }
  return photos;
}

/**
 * The unlabelled photos of the run's own data set (Kaggle's `test/`), by their ids in the index.
 *
 * @throws PipelineError `usage` where the run has none
 */
export async function unlabelledPhotos(place: Place): Promise<AskedPhoto[]> {
  const manifest = await currentManifest(place, "index");
  // Loaded here, as Arrow's library takes longer to load than most commands take.
  const { readIndexedPhotos } = await import("../../shared/photos.ts");
  const photos = manifest === null ? null : await readIndexedPhotos(artifactOf(place.store, manifest));
  const data = manifest?.config["data"];
  const folder = typeof data === "string" ? await folderOf(data) : "";
  const unlabelled = (photos?.ids ?? []).flatMap((id, row) =>
    photos?.labels[row] === -1 ? [{ id, file: path.join(folder, photos.paths[row] ?? "") }] : [],
  );
  if (unlabelled.length > 0) return unlabelled;
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
