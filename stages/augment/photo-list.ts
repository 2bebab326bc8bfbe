import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { Artifact } from "../../shared/artifacts/types.ts";
import { unexpected } from "../../shared/errors.ts";
import type { PhotoLists } from "./plan.ts";

/** The index's photos, and where each lies. */
export interface PhotoList extends PhotoLists {
  /** path of a photo, relative to the data folder, by its sha256 */
  readonly paths: Readonly<Record<string, string>>;
}

export async function readPhotoList(index: Artifact): Promise<PhotoList> {
  return JSON.parse(await readFile(index.file("photos.json"), "utf8")) as PhotoList;
}

/**
 * The folder that the index's paths start from: the data folder, or the one that the data's CSV
 * file lies in.
 *
 * @throws PipelineError `data` where there is neither
 */
export async function photosFolder(data: string): Promise<string> {
  const found = await stat(data).catch(() => null);
  if (found?.isDirectory() === true) return path.resolve(data);
  if (found?.isFile() === true) return path.dirname(path.resolve(data));
  throw unexpected("data", {
    where: "augment",
    expected: "the folder (or the CSV file) that was indexed",
    subject: "--data",
    got: data === "" ? "nothing" : `${data}, which is not there`,
    hint: "give --data as it was given to index",
  });
}
