import { existsSync, readdirSync, readFileSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { runIndex, temporaryFolder } from "../stages/index/photo-set.ts";
import { linesIn, rowsIn, type ReadRow } from "../stages/index/read-index.ts";

const clothing = "../shared/data/clothing";
const dogs = "../shared/data/dogs-90px";
const there = existsSync(clothing) && existsSync(dogs);

const kinds = ["hat", "shoes", "t-shirt"];

/** The first photos of a kind of clothes. */
function photosOf(part: string, kind: string, count: number): string[] {
  const folder = path.join(clothing, part, kind);
  return readdirSync(folder)
    .sort()
    .slice(0, count)
    .map((name) => path.join(folder, name));
}

async function copied(root: string, files: readonly (readonly [from: string, to: string])[]): Promise<void> {
  for (const [from, to] of files) {
    await mkdir(path.dirname(path.join(root, to)), { recursive: true });
    await copyFile(from, path.join(root, to));
  }
}

const count = (rows: readonly ReadRow[], split: string | null) =>
  rows.filter((row) => row.split === split).length;

describe.skipIf(!there)(`small real sets in every layout (needs ${clothing} and ${dogs})`, () => {
  it("Kaggle's: the dog-breed set, its split scikit-learn's but for the moved duplicates, its conflicts listed", async () => {
    const { workspace, facts } = await runIndex(dogs);
    const rows = rowsIn(workspace);
    expect(rows).toHaveLength(10_222);
    expect(facts).toMatchObject({
      labelled: 10_222,
      classes: 120,
      duplicates: 15,
      conflicts: 12,
      quarantined: 0,
    });
    const moved = Number(facts?.["moved"]);
    expect(moved).toBeGreaterThan(0);
    expect(Math.abs(count(rows, "validation") - 1023)).toBeLessThanOrEqual(moved);
    const listed = readFileSync(path.join(dogs, "labels.csv"), "utf8").trim().split(/\r?\n/).slice(1);
    expect(rows.map(({ id, label }) => `${id},${label ?? ""}`)).toEqual(listed);
    expect(linesIn(workspace, "conflicts.csv")).toHaveLength(13);
    const { width, height } = await sharp(path.join(dogs, rows[5]?.path ?? "")).metadata();
    expect(rows[5]).toMatchObject({ width, height });
  });

  it("Kaggle's with an unlabelled test/, an absent file and a damaged one", async () => {
    const root = await temporaryFolder();
    const photos = kinds.flatMap((kind) => photosOf("train", kind, 20).map((file) => ({ file, kind })));
    await copied(
      root,
      photos.map(({ file }) => [file, `train/${path.basename(file)}`]),
    );
    await copied(
      root,
      photosOf("validation", "hat", 5).map((file) => [file, `test/${path.basename(file)}`]),
    );
    const id = (file: string) => path.parse(file).name;
    const lines = photos.map(({ file, kind }) => `${id(file)},${kind}`);
    await writeFile(path.join(root, "labels.csv"), ["id,kind", ...lines, "nowhere,hat"].join("\n"));
    const cut = photos[4]?.file ?? "";
    await writeFile(path.join(root, "train", path.basename(cut)), readFileSync(cut).subarray(0, 9000));

    const { workspace } = await runIndex(root, { valFraction: 0.2 });
    const rows = rowsIn(workspace);
    expect(rows).toHaveLength(64);
    expect(count(rows, null)).toBe(5);
    expect(linesIn(workspace, "quarantine.csv").slice(1)).toEqual([
      expect.stringMatching(`^train/${path.basename(cut)},.*,hat,truncated or damaged JPEG: `),
      "nowhere,nowhere,hat,missing",
    ]);
  });

  it("a folder a class, split either way", async () => {
    const root = await temporaryFolder();
    await copied(
      root,
      kinds.flatMap((kind) =>
        photosOf("train", kind, 20).map((file) => [file, `${kind}/${path.basename(file)}`] as const),
      ),
    );
    const stratified = rowsIn((await runIndex(root, { valFraction: 0.2 })).workspace);
    expect([count(stratified, "train"), count(stratified, "validation")]).toEqual([48, 12]);

    const before = rowsIn((await runIndex(root, { split: "hash", valFraction: 0.3 })).workspace);
    await copied(
      root,
      photosOf("validation", "hat", 10).map((file) => [file, `hat/new-${path.basename(file)}`]),
    );
    const after = rowsIn((await runIndex(root, { split: "hash", valFraction: 0.3 })).workspace);
    expect(after).toHaveLength(70);
    const sideOf = new Map(after.map((row) => [row.path, row.split]));
    expect(before.every((row) => sideOf.get(row.path) === row.split)).toBe(true);
    expect(count(before, "validation")).toBeGreaterThan(5);
  });

  it("train/ validation/ test/: the split that is there is kept, and a sample of it spreads", async () => {
    const { workspace } = await runIndex(clothing, { limit: 100 });
    const rows = rowsIn(workspace);
    expect([count(rows, "train"), count(rows, "validation")]).toEqual([90, 10]);
    expect(rows.every((row) => row.path.startsWith(`${row.split ?? ""}/${row.label ?? ""}/`))).toBe(true);
    expect(new Set(rows.map((row) => row.label)).size).toBe(10);

    const root = await temporaryFolder();
    for (const [part, folder] of [
      ["train", "train"],
      ["validation", "test"],
    ] as const)
      await copied(
        root,
        kinds.flatMap((kind) =>
          photosOf(part, kind, 10).map((file) => [file, `${folder}/${kind}/${path.basename(file)}`] as const),
        ),
      );
    const made = rowsIn((await runIndex(root)).workspace);
    expect([count(made, "train"), count(made, "validation"), count(made, "test")]).toEqual([27, 3, 30]);
  });

  describe("a table of paths", () => {
    let files: { file: string; kind: string }[] = [];
    beforeAll(() => {
      files = kinds.flatMap((kind) =>
        photosOf("train", kind, 12).map((file) => ({ file: path.resolve(file), kind })),
      );
    });

    it("as a CSV inside the folder, with a split", async () => {
      const root = await temporaryFolder();
      await copied(
        root,
        files.map(({ file }) => [file, `photos/${path.basename(file)}`]),
      );
      const lines = files.map(
        ({ file, kind }, i) =>
          `photos/${path.basename(file)},${kind},${["train", "val", "test"][i % 3] ?? ""}`,
      );
      await writeFile(path.join(root, "photos.csv"), ["path,label,split", ...lines].join("\n"));
      const rows = rowsIn((await runIndex(root)).workspace);
      expect(rows.map((row) => row.split).slice(0, 3)).toEqual(["train", "validation", "test"]);
      expect([count(rows, "train"), count(rows, "validation"), count(rows, "test")]).toEqual([12, 12, 12]);
    });

    it("as a TSV given by name, with groups that stay on one side", async () => {
      const root = await temporaryFolder();
      await copied(
        root,
        files.map(({ file }) => [file, path.basename(file)]),
      );
      const lines = files.map(
        ({ file, kind }, i) => `${path.basename(file)}\t${kind}\tperson ${Math.floor(i / 2)}`,
      );
      const list = path.join(root, "photos.tsv");
      await writeFile(list, ["path\tlabel\tgroup", ...lines].join("\n"));
      const rows = rowsIn((await runIndex(list, { valFraction: 0.3 })).workspace);
      for (let i = 0; i < rows.length; i += 2) expect(rows[i + 1]?.split).toBe(rows[i]?.split);
      expect(count(rows, "validation")).toBe(12);
    });
  });
});
