import { rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { differences } from "../../../shared/artifacts/key.ts";
import type { IndexConfig } from "../../../stages/index/config.ts";
import { source } from "../../../stages/index/source.ts";
import { configFor, folderOf, temporaryFolder } from "./photo-set.ts";

const header = "path,label,split\n";
const rows = [
  ...Array.from({ length: 10 }, (_, i) => `cat${i}.jpg,cat,train`),
  ...Array.from({ length: 10 }, (_, i) => `dog${i}.jpg,dog,${i < 5 ? "train" : "validation"}`),
  "test.jpg,dog,test",
  "unknown.jpg,,",
];

/** The hashing reads bytes and decodes none, so text does for photos here. */
async function photos(): Promise<string> {
  const files = rows
    .map((row) => row.split(",")[0] as string)
    .map((name) => [name, `bytes of ${name}`] as const);
  return folderOf({ ...Object.fromEntries(files), "list.csv": header + rows.join("\n") });
}

const of = async (root: string, settings: Partial<IndexConfig> = {}) =>
  source(configFor(root, settings), await temporaryFolder());

/** What changes where the set is changed. */
async function changedBy(change: (root: string) => Promise<unknown>) {
  const root = await photos();
  const before = await of(root);
  await change(root);
  const after = await of(root);
  const parts = (fingerprint: typeof before.fingerprint) => ({
    stage: "index",
    version: 1,
    config: {},
    inputs: {},
    libraries: {},
    source: fingerprint,
  });
  return {
    photos: before.outputs["photos"] !== after.outputs["photos"],
    labels: before.outputs["labels"] !== after.outputs["labels"],
    why: differences(parts(before.fingerprint), parts(after.fingerprint)).map(({ component }) => component),
  };
}

const relisted = (root: string, from: string, to: string) =>
  writeFile(path.join(root, "list.csv"), (header + rows.join("\n")).replace(from, to));

describe("the index's outputs", () => {
  it("depend on how near-duplicates are grouped in labels alone, and only then on what splits the groups", async () => {
    const root = await photos();
    const outputs = async (settings: Partial<IndexConfig>) => (await of(root, settings)).outputs;
    const [off, grouped, otherSeed, offOtherSeed] = await Promise.all(
      [{}, { nearDuplicates: 4 }, { nearDuplicates: 4, splitSeed: 1 }, { splitSeed: 1 }].map(outputs),
    );
    expect(new Set([off, grouped, otherSeed].map((each) => each?.["labels"])).size).toBe(3);
    expect(offOtherSeed).toEqual(off);
    expect(grouped?.["photos"]).toBe(off?.["photos"]);
  });

  it("change with nothing where nothing changed", async () => {
    expect(await changedBy(() => Promise.resolve())).toEqual({ photos: false, labels: false, why: [] });
  });

  it("change in labels alone where a label is corrected", async () => {
    const changed = await changedBy((root) => relisted(root, "cat3.jpg,cat", "cat3.jpg,dog"));
    expect(changed).toEqual({ photos: false, labels: true, why: ["source.labels", "source.rows"] });
  });

  it("change in labels alone where a photo goes from training to validation", async () => {
    const changed = await changedBy((root) =>
      relisted(root, "dog0.jpg,dog,train", "dog0.jpg,dog,validation"),
    );
    expect(changed).toEqual({ photos: false, labels: true, why: ["source.rows", "source.splits"] });
  });

  it("change in photos where a test photo becomes one to learn from", async () => {
    const changed = await changedBy((root) => relisted(root, "test.jpg,dog,test", "test.jpg,dog,train"));
    expect(changed).toMatchObject({ photos: true, labels: true });
  });

  it("change in photos where a photo's bytes do, or it goes", async () => {
    const other = await changedBy((root) => writeFile(path.join(root, "cat1.jpg"), "other bytes"));
    expect(other).toEqual({ photos: true, labels: true, why: ["source.photos", "source.rows"] });
    const gone = await changedBy((root) => rm(path.join(root, "cat1.jpg")));
    expect(gone).toMatchObject({ photos: true, labels: true });
  });

  it("change in labels alone where a photo is renamed", async () => {
    const changed = await changedBy(async (root) => {
      await rename(path.join(root, "cat1.jpg"), path.join(root, "tom.jpg"));
      await relisted(root, "cat1.jpg", "tom.jpg");
    });
    expect(changed).toMatchObject({ photos: false, labels: true });
  });

  it("do not depend on where the folder is", async () => {
    const changed = await changedBy(async (root) => {
      await rename(root, `${root}-moved`);
      await rename(`${root}-moved`, root);
    });
    expect(changed.why).toEqual([]);
    const [one, two] = [await of(await photos()), await of(await photos())];
    expect(one).toEqual(two);
  });

  it("follow the limit and the size that a photo may have", async () => {
    const root = await photos();
    const all = await of(root);
    const few = await of(root, { limit: 8 });
    expect(few.outputs["photos"]).not.toBe(all.outputs["photos"]);
    expect(few.fingerprint).toMatchObject({ counts: { labelled: 9, rows: 9, classes: 2 } });
    expect((await of(root, { maxPixels: 5 })).outputs["photos"]).not.toBe(all.outputs["photos"]);
  });
});
