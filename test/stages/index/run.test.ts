import { symlink } from "node:fs/promises";
import path from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { classes, folderOf, photo, runIndex, temporaryFolder } from "./photo-set.ts";
import { jsonIn, linesIn, rowsIn } from "./read-index.ts";

/** What is said of five validation photos. */
const littleProved =
  "5 validation photos prove little: even with all of them right, the accuracy may be as low as 57 % (95 % confidence)";

describe("the index", { timeout: 30_000 }, () => {
  it("lists, measures, labels and splits the photos, and says what it found", async () => {
    const turned = await sharp(await photo(90))
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const root = await folderOf({
      ...classes(["cat", "dog"], 10),
      "cat/turned.JPG": turned,
      "cat/odd.png": await photo(91, "webp"),
      "loose.webp": 92,
    });
    const { workspace, lines, facts, files } = await runIndex(root, { valFraction: 0.2 });
    const rows = rowsIn(workspace);
    expect(rows).toHaveLength(23);
    expect(rows.find((row) => row.id === "cat/turned")).toMatchObject({
      width: 16,
      height: 24,
      label: "cat",
      bytes: BigInt(turned.length),
    });
    expect(rows.find((row) => row.id === "loose")).toMatchObject({
      width: 24,
      height: 16,
      label: null,
      split: null,
    });
    expect(rows.filter((row) => row.split === "validation")).toHaveLength(5);
    expect(facts).toEqual({
      layout: "a folder a class",
      photos: 23,
      labelled: 22,
      unlabelled: 1,
      classes: 2,
      train: 17,
      validation: 5,
      test: 0,
      duplicates: 0,
      moved: 0,
      conflicts: 0,
      quarantined: 0,
      nearDuplicates: 0,
      nearDuplicateBits: 4,
      remarks: ["1 photo lies beside the class folders: taken as unlabelled", littleProved],
      leftOut: [],
    });
    expect(files).toEqual([
      ...["index.arrow", "labels.json", "photos.json"],
      ...["quarantine.csv", "conflicts.csv", "left-out.csv"],
    ]);
    expect(jsonIn(workspace, "labels.json")).toEqual({
      labels: ["cat", "dog"],
      counts: { cat: 12, dog: 10 },
    });
    expect(linesIn(workspace, "quarantine.csv")).toEqual(["path,id,label,reason"]);
    expect(linesIn(workspace, "conflicts.csv")).toEqual(["sha256,path,id,label"]);
    expect(lines).toEqual([
      `a folder a class, 23 photos in ${root}`,
      "1 photo lies beside the class folders: taken as unlabelled",
      "23 photos of 2 classes: 17 train, 5 validation, 1 unlabelled",
      littleProved,
    ]);
  });

  it("takes photos without labels, wanted or not, and splits nothing", async () => {
    const flat = await folderOf({ "1.jpg": 1, "2.jpg": 2, "copy.jpg": 2, "broken.jpg": "no photo" });
    const { workspace, lines, facts } = await runIndex(flat, { maxBad: 0.5 });
    expect(facts).toMatchObject({
      photos: 3,
      labelled: 0,
      classes: 0,
      train: 0,
      validation: 0,
      quarantined: 1,
    });
    expect(rowsIn(workspace).map(({ label, split }) => [label, split])).toEqual(Array(3).fill([null, null]));
    expect(jsonIn(workspace, "labels.json")).toEqual({ labels: [], counts: {} });
    expect(jsonIn(workspace, "photos.json")).toMatchObject({ all: [], clean: { length: 2 } });
    expect(lines.slice(-3)).toEqual([
      "3 photos, none of which has a label",
      "1 photo repeats another's bytes",
      "1 bad photo left out: see quarantine.csv",
    ]);

    const sorted = await folderOf({ ...classes(["a", "b"], 3, "train"), ...classes(["a"], 1, "test", 9) });
    const dropped = await runIndex(sorted, { labels: "none", limit: 5 });
    expect(dropped.facts).toMatchObject({ photos: 5, labelled: 0, test: 0 });
  });

  it("tells augment which photos need which views, in order of their sha256", async () => {
    const root = await folderOf({
      ...classes(["cat", "dog"], 5, "train"),
      ...classes(["cat"], 2, "test", 50),
      "test/9.jpg": 99,
    });
    const { workspace } = await runIndex(root, { valFraction: 0.2 });
    const { all, clean, paths } = jsonIn(workspace, "photos.json") as {
      all: string[];
      clean: string[];
      paths: Record<string, string>;
    };
    const rows = rowsIn(workspace);
    const sorted = (wanted: (split: string | null) => boolean) =>
      rows
        .filter((row) => wanted(row.split))
        .map((row) => row.sha256)
        .sort();
    expect(all).toEqual(sorted((split) => split === "train" || split === "validation"));
    expect(clean).toEqual(sorted((split) => split === "test" || split === null));
    expect(clean).toHaveLength(3);
    expect(paths).toEqual(Object.fromEntries(rows.map((row) => [row.sha256, row.path])));
  });

  it("sets bad photos aside with their reasons and goes on", async () => {
    const whole = await photo(1);
    const root = await folderOf({
      "labels.csv": [
        "id,kind",
        ...[
          "a",
          "b",
          "c",
          "d",
          "e",
          "f",
          "g",
          "h",
          "gone",
          "folder",
          "cut",
          "text",
          "drawing",
          "empty",
          "large",
        ].map((id, i) => `${id},${i % 2 ? "cat" : "dog"}`),
      ].join("\n"),
      ...Object.fromEntries(
        ["a", "b", "c", "d", "e", "f", "g", "h"].map((id, i) => [`train/${id}.jpg`, i + 2]),
      ),
      "train/cut.jpg": whole.subarray(0, whole.length - 40),
      "train/text.jpg": "this is no photo",
      "train/drawing.jpg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
      "train/empty.jpg": "",
      "train/large.png": await sharp({ create: { width: 60, height: 50, channels: 3, background: "red" } })
        .png()
        .toBuffer(),
    });
    await symlink(path.join(root, "nowhere"), path.join(root, "train/folder.jpg"));
    const { workspace, lines, facts } = await runIndex(root, {
      valFraction: 0.3,
      maxBad: 0.5,
      maxPixels: 2999,
    });
    expect(linesIn(workspace, "quarantine.csv")).toEqual([
      "path,id,label,reason",
      "gone,gone,dog,missing",
      "train/folder.jpg,folder,cat,missing",
      expect.stringMatching(/^train\/cut.jpg,cut,dog,truncated or damaged JPEG: .*premature end/),
      'train/text.jpg,text,cat,"not read: text (JPEG, PNG, WebP, TIFF, GIF, AVIF, HEIC and BMP are)"',
      'train/drawing.jpg,drawing,dog,"not read: SVG (JPEG, PNG, WebP, TIFF, GIF, AVIF, HEIC and BMP are)"',
      "train/empty.jpg,empty,cat,empty",
      'train/large.png,large,dog,"oversized: 60 × 50 pixels, more than 2999"',
    ]);
    expect(rowsIn(workspace).map((row) => row.id)).toEqual(["a", "b", "c", "d", "e", "f", "g", "h"]);
    expect(facts).toMatchObject({ photos: 8, quarantined: 7 });
    expect(lines).toContain("7 bad photos left out: see quarantine.csv");
  });

  it("stops with the list where too many are bad", async () => {
    const root = await folderOf({
      ...classes(["cat", "dog"], 10),
      "cat/bad.jpg": "no photo",
      "dog/bad.jpg": "none either",
    });
    await expect(runIndex(root)).rejects.toThrow(
      /at most 5 % bad photos but got 2 of 22 \(9.1 %\)\n {2}cat\/bad.jpg: not read: text /,
    );
  });

  it("keeps duplicates on the side of the first of them", async () => {
    const files = { ...classes(["cat"], 20), ...classes(["dog"], 20, "", 100) };
    for (let i = 0; i < 10; i++) files[`cat/copy${i}.jpg`] = i;
    const { workspace, facts } = await runIndex(await folderOf(files), { valFraction: 0.3 });
    const rows = rowsIn(workspace);
    const sides = new Map<string, Set<string | null>>();
    for (const row of rows) sides.set(row.sha256, (sides.get(row.sha256) ?? new Set()).add(row.split));
    expect(rows).toHaveLength(50);
    expect([...sides.values()].every((side) => side.size === 1)).toBe(true);
    expect(facts).toMatchObject({ duplicates: 10 });
    expect(facts?.["moved"]).toBeGreaterThan(0);
  });

  describe("with the same bytes under two labels", () => {
    const files = { ...classes(["cat", "dog"], 10), "cat/same.jpg": 77, "dog/same.jpg": 77 };

    it("keeps both, lists them and says so", async () => {
      const { workspace, lines } = await runIndex(await folderOf(files));
      expect(linesIn(workspace, "conflicts.csv").map((line) => line.replace(/^\w{64}/, "…"))).toEqual([
        "sha256,path,id,label",
        "…,cat/same.jpg,cat/same,cat",
        "…,dog/same.jpg,dog/same,dog",
      ]);
      expect(rowsIn(workspace)).toHaveLength(22);
      expect(lines).toContain(
        "2 photos have bytes that stand under different labels, kept: see conflicts.csv",
      );
    });

    it("drops both where it is asked to", async () => {
      const { workspace } = await runIndex(await folderOf(files), { onConflict: "drop" });
      expect(rowsIn(workspace)).toHaveLength(20);
      expect(linesIn(workspace, "conflicts.csv")).toHaveLength(3);
    });

    it("stops and names them where it is asked to", async () => {
      await expect(runIndex(await folderOf(files), { onConflict: "error" })).rejects.toThrow(
        /2 photos\n {2}cat\/same.jpg \(cat\)\n {2}dog\/same.jpg \(dog\)/,
      );
    });
  });

  it("writes the same bytes again, without decoding again", async () => {
    const root = await folderOf({ ...classes(["cat", "dog"], 10), "cat/bad.jpg": "no photo" });
    const cache = await temporaryFolder();
    const first = await runIndex(root, {}, { cache });
    const second = await runIndex(root, {}, { cache });
    expect(first.figures).toMatchObject({ decoded: 21 });
    expect(second.figures).toMatchObject({ decoded: 0 });
    for (const name of first.files)
      expect(linesIn(second.workspace, name)).toEqual(linesIn(first.workspace, name));
  });

  it("writes nothing where the photos are not those that its key was made of", async () => {
    const root = await folderOf(classes(["cat", "dog"], 10));
    await expect(runIndex(root, {}, { planned: { rows: "others" } })).rejects.toThrow(
      /index: expected the photos and labels that were there a moment ago for .* but got others/,
    );
  });

  it("stops at once when it is interrupted", async () => {
    const root = await folderOf(classes(["cat", "dog"], 10));
    const interruption = AbortSignal.abort();
    await expect(runIndex(root, {}, { signal: interruption })).rejects.toMatchObject({ code: "interrupted" });
  });
});
