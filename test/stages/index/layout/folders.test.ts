import { mkdir, symlink } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { config } from "../../../../stages/index/config.ts";
import { list } from "../../../../stages/index/layout/list.ts";
import { folderOf } from "../photo-set.ts";
import { countsOf, emptyPhotos, listing, partsOf, rowsOf } from "./listed.ts";

describe("a folder a class", () => {
  it("is listed class by class in code point order, nested folders too, hidden and other files left out", async () => {
    const root = await folderOf({
      "b/2.jpg": "",
      "b/10.jpg": "",
      "b/more/1.jpeg": "",
      "a-b/1.webp": "",
      "a/1.jpg": "",
      "a/1.png": "",
      "a/._1.jpg": "",
      "a/notes.txt": "",
      "empty/notes.txt": "",
      "loose.jpg": "",
    });
    expect(await rowsOf(root)).toEqual([
      "a/1.jpg a/1.jpg a - -",
      "a/1.png a/1.png a - -",
      "a-b/1 a-b/1.webp a-b - -",
      "b/10 b/10.jpg b - -",
      "b/2 b/2.jpg b - -",
      "b/more/1 b/more/1.jpeg b - -",
      "loose loose.jpg - - -",
    ]);
    expect((await listing(root)).remarks).toContain(
      "1 photo lies beside the class folders: taken as unlabelled",
    );
  });

  it("is still that where a stray CSV lists no photos, which is named", async () => {
    const root = await folderOf({ "a/1.jpg": "", "b/1.jpg": "", "prices.csv": 'item,price\n"1,2\n' });
    const found = await listing(root);
    expect(countsOf(found)).toEqual({ a: 1, b: 1 });
    expect(found.remarks.join("\n")).toMatch(/prices\.csv is not used/);
  });

  it("is found below lone folders, which is said", async () => {
    const root = await folderOf(emptyPhotos("download/photos", ["a", "b"], 2));
    const found = await listing(root);
    expect(countsOf(found)).toEqual({ a: 2, b: 2 });
    expect(found.remarks).toContain("the photos lie below download/photos/, which is taken as the set");
  });

  it("is asked about where there is one alone, with what leads on", async () => {
    const root = await folderOf(emptyPhotos("", ["a"], 3));
    await expect(listing(root)).rejects.toThrow(
      /two classes or more .* but got one class only, a \(3 photos\)[^]*--labels none/,
    );
    expect(countsOf(await listing(root, { labels: "none" }))).toEqual({ "-": 3 });
  });

  it("names folders without a photo", async () => {
    const root = await folderOf(emptyPhotos("", ["a", "b"], 2));
    await mkdir(path.join(root, "empty"));
    expect((await listing(root)).remarks).toContain("1 folder has no photo: empty/");
  });

  it("is a question where the folders hold the same folders, as parts do", async () => {
    const root = await folderOf({
      ...emptyPhotos("colour", ["a", "b"], 2),
      ...emptyPhotos("grey", ["a", "b"], 2),
    });
    await expect(listing(root)).rejects.toThrow(
      /colour\/, grey\/ hold the same folders \(a, b\)[^]*--photos colour/,
    );
    expect(countsOf(await listing(root, { photos: "colour" }))).toEqual({ a: 2, b: 2 });
    expect(countsOf(await listing(root, { layout: "class-folders" }))).toEqual({ colour: 4, grey: 4 });
  });

  it("is images/ where segmentations/ beside it holds the same folders, which is said", async () => {
    const root = await folderOf({
      ...emptyPhotos("images", ["a", "b"], 2),
      ...emptyPhotos("segmentations", ["a", "b"], 2, ".png"),
    });
    const found = await listing(root);
    expect(countsOf(found)).toEqual({ a: 2, b: 2 });
    expect(found.leftOut.map(({ path: file }) => file)).toContain("segmentations/a/1.png");
  });

  it("has one class for a name whose letters are composed and decomposed", async () => {
    const root = await folderOf({
      ...emptyPhotos("train", ["Jalapen\u0303o", "b"], 2),
      ...emptyPhotos("validation", ["Jalape\u00f1o", "b"], 1),
    });
    expect(countsOf(await listing(root))).toEqual({ "Jalape\u00f1o": 3, b: 3 });
  });

  it("is a question where names differ in case alone, which --label-case decides", async () => {
    const root = await folderOf({
      ...emptyPhotos("", ["healthy", "sick"], 3),
      ...emptyPhotos("", ["Healthy"], 1),
    });
    await expect(listing(root)).rejects.toThrow(/Healthy \(1\) and healthy \(3\)[^]*--label-case merge/);
    expect(countsOf(await listing(root, { labelCase: "merge" }))).toEqual({ healthy: 4, sick: 3 });
    expect(countsOf(await listing(root, { labelCase: "keep" }))).toEqual({ Healthy: 1, healthy: 3, sick: 3 });
  });
});

describe("the parts of a set", () => {
  it.each([
    ["train", "val", "test"],
    ["Training", "Validation", "Testing"],
    ["training_set", "dev", "test_set"],
    ["train2017", "val2017", "test2017"],
    ["seg_train/seg_train", "seg_valid/seg_valid", "seg_test/seg_test"],
    ["flowers_train", "flowers_eval", "flowers_tests"],
    ["train/train", "valid/valid", "test/test"],
  ])("are found under the names %s, %s, %s", async (train, validation, test) => {
    const root = await folderOf({
      ...emptyPhotos(train, ["cat", "dog"], 3),
      ...emptyPhotos(validation, ["cat", "dog"], 2),
      ...emptyPhotos(test, ["cat", "dog"], 1),
    });
    const found = await listing(root);
    expect(countsOf(found)).toEqual({ cat: 6, dog: 6 });
    expect(partsOf(found)).toEqual({ train: 6, validation: 4, test: 2 });
  });

  it("come in order: training, validation, test, photos beside the classes last", async () => {
    const root = await folderOf({
      "train/cat/1.jpg": "",
      "val/cat/1.jpg": "",
      "test/cat/1.jpg": "",
      "test/2.jpg": "",
      "train/dog/1.jpg": "",
    });
    expect(await rowsOf(root)).toEqual([
      "train/cat/1 train/cat/1.jpg cat train -",
      "train/dog/1 train/dog/1.jpg dog train -",
      "val/cat/1 val/cat/1.jpg cat validation -",
      "test/cat/1 test/cat/1.jpg cat test -",
      "test/2 test/2.jpg - - -",
    ]);
  });

  it("are no classes: flat train/ and test/ are asked about, and the names that carry the class are said", async () => {
    const photos = Object.fromEntries(
      Array.from({ length: 8 }, (_, i) => [`train/${i % 2 === 0 ? "cat" : "dog"}.${i}.jpg`, ""]),
    );
    const root = await folderOf({ ...photos, "test/1.jpg": "", "test/2.jpg": "" });
    await expect(listing(root)).rejects.toThrow(
      /begin with their class, cat \(4\), dog \(4\): give --label-from name[^]*train\/ \(8 photos\) has no class folders/,
    );
    const named = await listing(root, { labelFrom: "name" });
    expect(countsOf(named)).toEqual({ "-": 2, cat: 4, dog: 4 });
    expect(countsOf(await listing(root, { labelFrom: "^(c|d)" }))).toEqual({ "-": 2, c: 4, d: 4 });
  });

  it("may be said to be classes all the same", async () => {
    const root = await folderOf({ "train/1.jpg": "", "test/1.jpg": "" });
    await expect(listing(root)).rejects.toThrow(/test\/ and train\/ are named for parts/);
    expect(countsOf(await listing(root, { layout: "class-folders" }))).toEqual({ test: 1, train: 1 });
  });

  it("are asked about where a folder beside them holds the same classes", async () => {
    const root = await folderOf({
      ...emptyPhotos("train", ["cat", "dog"], 3),
      ...emptyPhotos("batch2", ["cat", "dog"], 1),
    });
    await expect(listing(root)).rejects.toThrow(/batch2\/ holds the same class folders: which part/);
    expect(countsOf(await listing(root, { ignore: "batch2/**" }))).toEqual({ cat: 3, dog: 3 });
  });

  it("are asked about where a class may be called train", async () => {
    const root = await folderOf({
      ...emptyPhotos("train", ["steam", "diesel"], 2),
      ...emptyPhotos("bus", ["city", "coach"], 2),
    });
    await expect(listing(root)).rejects.toThrow(/bus\/ would be left out/);
    expect(countsOf(await listing(root, { layout: "class-folders" }))).toEqual({ bus: 4, train: 4 });
  });

  it("cannot do without one for training", async () => {
    const root = await folderOf({
      ...emptyPhotos("val", ["a", "b"], 3),
      ...emptyPhotos("test", ["a", "b"], 1),
    });
    await expect(listing(root)).rejects.toThrow(
      /none of val\/ \(6 photos\) and test\/ \(2 photos\) is named for training/,
    );
  });

  it("leave a class that training does not have unlabelled, and say so", async () => {
    const root = await folderOf({
      ...emptyPhotos("train", ["ash", "birch"], 3),
      ...emptyPhotos("validation", ["ash", "birch", "zelkova"], 2),
      ...emptyPhotos("test", ["unknown"], 4),
    });
    const found = await listing(root);
    expect(countsOf(found)).toEqual({ "-": 6, ash: 5, birch: 5 });
    expect(found.remarks.join("\n")).toMatch(/no training photo .*: zelkova \(2\)/);
    expect(found.remarks.join("\n")).toMatch(/test\/unknown\/: no class of the training part/);
  });

  it("may lie inside the classes", async () => {
    const root = await folderOf({
      ...emptyPhotos("cat", ["train", "test"], 2),
      ...emptyPhotos("dog", ["train", "test"], 2),
    });
    const found = await listing(root);
    expect([countsOf(found), partsOf(found)]).toEqual([
      { cat: 4, dog: 4 },
      { train: 4, test: 4 },
    ]);
  });

  it("may each have a table of its own, as Hugging Face's and Roboflow's have", async () => {
    const root = await folderOf({
      ...{ "train/1.jpg": "", "train/2.jpg": "", "valid/1.jpg": "", "valid/2.jpg": "" },
      "train/_classes.csv": "filename, cat, dog\n1.jpg,1,0\n2.jpg,0,1\n",
      "valid/_classes.csv": "filename, cat, dog\n1.jpg,0,1\n2.jpg,1,0\n",
    });
    const found = await listing(root);
    expect(await rowsOf(root)).toContain("valid/1 valid/1.jpg dog validation -");
    expect(partsOf(found)).toEqual({ train: 2, validation: 2 });
  });
});

describe("what lies in a folder beside photos", () => {
  it("is left out by kind: junk, hidden files, films, packed files, links back up", async () => {
    const root = await folderOf({
      ...emptyPhotos("", ["a", "b"], 2),
      ...{ "a/@eaDir/1.jpg/THUMB.jpg": "", "b/Thumbs.db": "", "a/.hidden.jpg": "", "b/film.mov": "" },
      ...{ "more.zip": "", "a/page": "<html>" },
    });
    await symlink("..", path.join(root, "a/loop"));
    const found = await listing(root);
    expect(countsOf(found)).toEqual({ a: 2, b: 2 });
    expect(found.leftOut.map(({ path: file, kind }) => `${file}: ${kind}`).sort()).toEqual([
      "a/.hidden.jpg: hidden",
      "a/@eaDir: left by systems, servers and editors",
      "a/loop: links back up",
      "a/page: files that are no photos",
      "b/Thumbs.db: left by systems, servers and editors",
      "b/film.mov: films",
      "more.zip: packed files",
    ]);
  });

  it("is no part of the set where it is the folder of results", async () => {
    const root = await folderOf({
      ...emptyPhotos("", ["a", "b"], 2),
      ...{ "artifacts/cache/stat.json": "{}", "artifacts/thumbnail.jpg": "" },
    });
    const found = await list(config.parse({ data: root }), path.join(root, "artifacts"));
    expect([countsOf(found), found.leftOut, found.remarks]).toEqual([{ a: 2, b: 2 }, [], []]);
  });

  it("is a photo by its first bytes whatever its name tells", async () => {
    const root = await folderOf({
      ...emptyPhotos("", ["a", "b"], 2),
      ...{ "a/3": 1, "b/3.jpg?w=600": 2, "b/4.html": 3, "b/4.nef": 4 },
    });
    const { rows } = await listing(root, {});
    expect(rows.map(({ path: file }) => file)).toContain("a/3");
    expect(rows.map(({ path: file }) => file)).toContain("b/3.jpg?w=600");
    expect(rows.map(({ path: file }) => file)).toContain("b/4.html");
    expect(rows.map(({ path: file }) => file)).not.toContain("b/4.nef");
  });

  it("is left out where --photos and --ignore say so, and counted", async () => {
    const root = await folderOf({
      ...emptyPhotos("photos", ["a", "b"], 2),
      ...emptyPhotos("scans", ["x"], 1),
      "photos/a/1_mask.png": "",
    });
    const found = await listing(root, { photos: "photos", ignore: "*_mask.png, nothing/**" });
    expect(countsOf(found)).toEqual({ a: 2, b: 2 });
    expect(found.leftOut.map(({ kind }) => kind)).toEqual(["named by --ignore", "outside --photos photos"]);
    await expect(listing(root, { photos: "elsewhere" })).rejects.toThrow(/a folder below the data folder/);
  });

  it("is refused where a file of it is given, with what to do", async () => {
    const root = await folderOf({ "photos.zip": "", "list.xlsx": "" });
    await expect(listing(path.join(root, "photos.zip"))).rejects.toThrow(/unpack it there/);
    await expect(listing(path.join(root, "list.xlsx"))).rejects.toThrow(/save it as CSV/);
    await expect(listing(root)).rejects.toThrow(/but got no photo[^]*photos\.zip\): unpack it/);
  });

  it.each([["/nowhere/at/all"], [""]])("is refused where nothing is: --data '%s'", async (data) => {
    await expect(listing(data)).rejects.toThrow(/expected a folder of photos/);
  });
});

describe("photos without labels", () => {
  it("are taken where they lie flat and nothing speaks of classes", async () => {
    const root = await folderOf({ "IMG_1.jpg": "", "IMG_2.jpg": "" });
    expect(countsOf(await listing(root))).toEqual({ "-": 2 });
  });

  it("are asked about where a table beside them may hold the labels", async () => {
    const root = await folderOf({ "001.jpg": "", "002.jpg": "", "labels.csv": "id,label\n1,a\n2,b\n" });
    await expect(listing(root)).rejects.toThrow(/lost zeros, as spreadsheets do it: 1 for 001\.jpg/);
  });

  it("are asked about where their names begin with a class", async () => {
    const names = Array.from({ length: 8 }, (_, i) => `${i % 2 === 0 ? "cat" : "dog"}_${i}.jpg`);
    const root = await folderOf(Object.fromEntries(names.map((name) => [name, ""])));
    await expect(listing(root)).rejects.toThrow(/--label-from name[^]*--labels none/);
  });
});
