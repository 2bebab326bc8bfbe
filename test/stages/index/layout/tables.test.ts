import path from "node:path";
import { describe, expect, it } from "vitest";
import { folderOf, temporaryFolder } from "../photo-set.ts";
import { countsOf, emptyPhotos, listing, partsOf, rowsOf, tableOf } from "./listed.ts";

describe("Kaggle's layout", () => {
  const files = {
    "labels.csv": "id,breed\nb,pug\na,husky\ngone,pug\n",
    "sample_submission.csv": "id,pug,husky\nt,0.5,0.5\n",
    "train/a.jpg": "",
    "train/b.PNG": "",
    "train/extra.webp": "",
    "test/t.jpg": "",
    "test/a.jpg": "",
  };

  it("is listed in the order of labels.csv, then photos without a row", async () => {
    const root = await folderOf(files);
    expect(await rowsOf(root)).toEqual([
      "b train/b.PNG pug - -",
      "a train/a.jpg husky - -",
      "gone gone pug - -",
      "test/a.jpg test/a.jpg - - -",
      "t test/t.jpg - - -",
      "extra train/extra.webp - - -",
    ]);
    const { rows, remarks } = await listing(root);
    expect(rows[2]?.problem).toMatch(/^missing/);
    expect(remarks.join("\n")).toMatch(/sample_submission\.csv is not used: it is a sample of answers/);
  });

  it("leaves photos without a row out where the table itself is given", async () => {
    const root = await folderOf(files);
    const found = await listing(path.join(root, "labels.csv"));
    expect(countsOf(found)).toEqual({ husky: 1, pug: 2 });
    expect(found.leftOut.filter(({ kind }) => kind === "without a row in labels.csv")).toHaveLength(3);
  });

  it("gives its photos alone, without their labels, where the table itself is given with --labels none", async () => {
    const root = await folderOf(files);
    const table = path.join(root, "labels.csv");
    expect(countsOf(await listing(table, { labels: "none" }))).toEqual({ "-": 3 });
    expect(countsOf(await listing(root, { labels: "none" }))).toEqual({ "-": 5 });
  });

  it("refuses an id with two labels and names it", async () => {
    const root = await folderOf({
      "labels.csv": "id,breed\na,pug\na,husky\nb,pug\n",
      "train/a.jpg": "",
      "train/b.jpg": "",
    });
    await expect(listing(root)).rejects.toThrow(/train\/a\.jpg \(pug, husky\)/);
  });

  it("takes an id that is repeated under one label once, and says so", async () => {
    const root = await folderOf({
      ...{ "labels.csv": "id,breed\na,pug\na,pug\nb,husky\n", "train/a.jpg": "", "train/b.jpg": "" },
    });
    const { rows, remarks } = await listing(root);
    expect(rows).toHaveLength(2);
    expect(remarks).toContain("1 rows repeat a photo under the same label: taken once");
  });
});

describe("a table of photos", () => {
  it.each([
    ["path,label", "list.csv"],
    ["filename,class", "labels.csv"],
    ["image_id,label", "train.csv"],
    ["image,category", "data.csv"],
    ["image_name,tags", "info.csv"],
    ["file_name,species", "metadata.csv"],
    [" Path , Label ", "list.csv"],
    ["FilePath,Cultivar", "list.csv"],
  ])("is read under the header %s, in %s", async (header, file) => {
    const root = await folderOf(tableOf(file, header, (i, label) => `train/00${i}.jpg,${label}`));
    expect(countsOf(await listing(root))).toEqual({ a: 5, b: 5 });
    expect(countsOf(await listing(path.join(root, file)))).toEqual({ a: 5, b: 5 });
  });

  it.each<[string, string, (i: number, label: string) => string]>([
    ["names without endings", "id_code,diagnosis", (i, label) => `00${i},${label}`],
    ["names with endings", "id,breed", (i, label) => `00${i}.jpg,${label}`],
    ["names with another ending", "id,breed", (i, label) => `00${i}.png,${label}`],
    ["backslashes", "path,label", (i, label) => `train\\00${i}.jpg,${label}`],
    ["dots and slashes", "path,label", (i, label) => `./train//00${i}.jpg,${label}`],
    ["another case", "path,label", (i, label) => `Train/00${i}.JPG,${label}`],
    ["a drive of Windows", "path,label", (i, label) => `C:\\photos\\train\\00${i}.jpg,${label}`],
    ["another folder", "path,label", (i, label) => `images/00${i}.jpg,${label}`],
    ["no header", "", (i, label) => `train/00${i}.jpg,${label}`],
    ["a row number first", ",id,breed", (i, label) => `${i},00${i},${label}`],
    ["sizes before the label", "id,width,height,breed", (i, label) => `00${i},64,64,${label}`],
    ["the label first", "breed,id", (i, label) => `${label},00${i}`],
    ["an empty last column", "id,breed,", (i, label) => `00${i},${label},`],
    ["semicolons", "id;breed", (i, label) => `00${i};${label}`],
    ["tabs", "id\tbreed", (i, label) => `00${i}\t${label}`],
    ["a column a class", "id,a,b", (i, label) => `00${i},${label === "a" ? "1,0" : "0,1"}`],
    ["words and numbers of a class", "id,class_id,class_name", (i, label) => `00${i},${i % 2},${label}`],
  ])("finds its photos and labels with %s", async (_, header, row) => {
    const root = await folderOf(tableOf("labels.csv", header === "" ? null : header, row));
    expect(countsOf(await listing(root))).toEqual({ a: 5, b: 5 });
  });

  it.each<[string, string]>([
    ["a JSON map", JSON.stringify({ "1.jpg": "a", "2.jpg": "b" })],
    [
      "a JSON list",
      JSON.stringify([
        { image: "1.jpg", label: "a" },
        { image: "2.jpg", label: "b" },
      ]),
    ],
    ["a JSON map of classes", JSON.stringify({ a: ["1.jpg"], b: ["2.jpg"] })],
    ["a JSON map of objects", JSON.stringify({ "1.jpg": { label: "a" }, "2.jpg": { label: "b" } })],
  ])("may be %s", async (_, text) => {
    const root = await folderOf({ "labels.json": text, "images/1.jpg": "", "images/2.jpg": "" });
    expect(countsOf(await listing(root))).toEqual({ a: 1, b: 1 });
  });

  it("may be an object a line, as Hugging Face's metadata.jsonl", async () => {
    const text = '{"file_name":"1.jpg","label":"a"}\n{"file_name":"2.jpg","label":"b"}\n';
    const root = await folderOf({ "metadata.jsonl": text, "1.jpg": "", "2.jpg": "" });
    expect(countsOf(await listing(root))).toEqual({ a: 1, b: 1 });
  });

  it("may be lines of a path and a class, as ILSVRC's lists, blanks in the path or not", async () => {
    const root = await folderOf({
      "train.txt": "train/a b.jpg 0\ntrain/c.jpg 1\n",
      "train/a b.jpg": "",
      "train/c.jpg": "",
    });
    expect(countsOf(await listing(root))).toEqual({ "0": 1, "1": 1 });
  });

  it("gives parts by a split column whatever it is called", async () => {
    for (const name of ["split", "set", "subset", "partition", "phase"]) {
      const row = (i: number, label: string) => `00${i},${label},${i < 8 ? "train" : "valid"}`;
      const root = await folderOf(tableOf("labels.csv", `id,label,${name}`, row));
      expect(partsOf(await listing(root))).toEqual({ train: 8, validation: 2 });
    }
  });

  it("gives parts by a column of yes and no", async () => {
    const row = (i: number, label: string) => `00${i},${label},${i < 8 ? "False" : "True"}`;
    const root = await folderOf(tableOf("labels.csv", "id,label,is_valid", row));
    expect(partsOf(await listing(root))).toEqual({ train: 8, validation: 2 });
  });

  it("is asked about its numbers of folds, which --split-column decides", async () => {
    const root = await folderOf(
      tableOf("labels.csv", "id,label,fold", (i, label) => `00${i},${label},${i % 5}`),
    );
    await expect(listing(root)).rejects.toThrow(
      /column fold holds the numbers 0, 1, 2, 3, 4[^]*--split-column fold=0/,
    );
    expect(partsOf(await listing(root, { splitColumn: "fold=0" }))).toEqual({ train: 8, validation: 2 });
    expect(partsOf(await listing(root, { splitColumn: "none" }))).toEqual({ "-": 10 });
  });

  it("refuses a split that it does not know and names the line", async () => {
    const row = (i: number, label: string) => `00${i},${label},${i < 8 ? "train" : "holdout"}`;
    const root = await folderOf(tableOf("list.csv", "path,label,split", row));
    await expect(listing(root)).rejects.toThrow(/train, validation or test .*line 10" but got "holdout"/);
  });

  it("is asked which of several columns holds the labels, which --label-column decides", async () => {
    const row = (i: number, label: string) => `00${i},${label},${i < 5 ? "x" : "y"}`;
    const root = await folderOf(tableOf("labels.csv", "id,species,breed", row));
    await expect(listing(root)).rejects.toThrow(
      /which of its columns species, breed .*--label-column species/,
    );
    expect(countsOf(await listing(root, { labelColumn: "breed" }))).toEqual({ x: 5, y: 5 });
  });

  it("is refused where a column a class marks several of one photo", async () => {
    const root = await folderOf(tableOf("labels.csv", "id,a,b", (i) => `00${i},1,${i % 2}`));
    await expect(listing(root)).rejects.toThrow(/a column a class, but 5 of 10 rows have several classes/);
  });

  it("keeps groups, and hints at a column that may name some", async () => {
    const row = (i: number, label: string) => `00${i},${label},${i % 3}`;
    const root = await folderOf(tableOf("labels.csv", "id,label,patient_id", row));
    expect((await listing(root)).remarks.join("\n")).toMatch(/--group-column patient_id would keep/);
    expect(await rowsOf(root, { groupColumn: "patient_id" })).toContain("004 train/004.jpg a - 1");
  });

  it("says of rows without a photo what is near, and never guesses lost zeros", async () => {
    const row = (i: number, label: string) => `${i === 4 ? "4" : i === 5 ? "0o5" : `00${i}`},${label}`;
    const root = await folderOf(tableOf("labels.csv", "id,label", row));
    const { rows } = await listing(root);
    expect(rows[4]?.problem).toBe("missing: train/004.jpg is there, with its zeros");
    expect(rows[5]?.problem).toMatch(/^missing; the nearest name is train\/00\d\.jpg/);
  });

  it("is a question where it contradicts the folders, which either flag decides", async () => {
    const root = await folderOf({
      ...emptyPhotos("", ["a", "b"], 2),
      "labels.csv": "filename,class\na/1.jpg,x\na/2.jpg,y\nb/1.jpg,x\nb/2.jpg,y\n",
    });
    await expect(listing(root)).rejects.toThrow(
      /--table labels\.csv: 4 photos of 2 classes: x \(2\), y \(2\)[^]*--layout class-folders: 4 photos of 2 classes: a \(2\), b \(2\)/,
    );
    expect(countsOf(await listing(root, { table: "labels.csv" }))).toEqual({ x: 2, y: 2 });
    expect(countsOf(await listing(root, { layout: "class-folders" }))).toEqual({ a: 2, b: 2 });
  });

  it("is asked for where two list the same photos under other labels", async () => {
    const root = await folderOf({
      ...{
        "one.csv": "path,label\n1.jpg,a\n2.jpg,b\n",
        "two.csv": "path,label\n1.jpg,a\n2.jpg,a\n3.jpg,b\n",
      },
      ...{ "1.jpg": "", "2.jpg": "", "3.jpg": "" },
    });
    await expect(listing(root)).rejects.toThrow(/--table one\.csv[^]*--table two\.csv/);
    expect(countsOf(await listing(root, { table: "two.csv" }))).toEqual({ a: 2, b: 1 });
    expect(countsOf(await listing(path.join(root, "one.csv")))).toEqual({ a: 1, b: 1 });
  });

  it("takes a name that stands in two parts from training, or from the part that its own name tells", async () => {
    const files = { "train/1.jpg": "", "train/2.jpg": "", "test/1.jpg": "", "test/2.jpg": "" };
    const root = await folderOf({ ...files, "train.csv": "id,label\n1,a\n2,b\n" });
    expect((await rowsOf(root)).slice(0, 2)).toEqual(["1 train/1.jpg a - -", "2 train/2.jpg b - -"]);
  });

  it("names labels that look like several joined ones", async () => {
    const text = "path,label\n1.jpg,scab\n2.jpg,rust\n3.jpg,scab rust\n";
    const root = await folderOf({ "list.csv": text, "1.jpg": "", "2.jpg": "", "3.jpg": "" });
    expect((await listing(root)).remarks.join("\n")).toMatch(
      /1 label looks like several in one: scab rust \(1\)/,
    );
  });
});

describe("tables that belong together", () => {
  it("are a table a part, as train.csv beside test.csv", async () => {
    const root = await folderOf({
      ...{
        "train.csv": "image,label\n1.jpg,a\n2.jpg,b\n3.jpg,a\n",
        "test.csv": "image,label\n4.jpg,a\n5.jpg,b\n",
      },
      ...Object.fromEntries(["1", "2", "3", "4", "5"].map((name) => [`images/${name}.jpg`, ""])),
    });
    const found = await listing(root);
    expect([countsOf(found), partsOf(found)]).toEqual([
      { a: 3, b: 2 },
      { test: 2, train: 3 },
    ]);
  });

  it("are no parts where they share photos: a smaller list is a choice of the larger one", async () => {
    const root = await folderOf({
      ...{ "train.csv": "image,label\n1.jpg,a\n2.jpg,b\n", "test.csv": "image,label\n1.jpg,a\n" },
      ...{ "1.jpg": "", "2.jpg": "" },
    });
    expect(partsOf(await listing(root))).toEqual({ "-": 2 });
  });

  it("are lists that number the photos, as CUB's are: paths, classes, names and parts", async () => {
    const root = await folderOf({
      "images.txt": "1 001.Crow/x.jpg\n2 001.Crow/y.jpg\n3 002.Jay/z.jpg\n4 002.Jay/w.jpg\n",
      "image_class_labels.txt": "1 1\n2 1\n3 2\n4 2\n",
      "train_test_split.txt": "1 1\n2 0\n3 1\n4 0\n",
      "classes.txt": "1 001.Crow\n2 002.Jay\n",
      ...{ "images/001.Crow/x.jpg": "", "images/001.Crow/y.jpg": "" },
      ...{ "images/002.Jay/z.jpg": "", "images/002.Jay/w.jpg": "" },
    });
    const found = await listing(root);
    expect(countsOf(found)).toEqual({ "001.Crow": 2, "002.Jay": 2 });
    expect(partsOf(found)).toEqual({ test: 2, train: 2 });
  });
});

describe("a table's text", () => {
  const photos = { "1.jpg": "", "2.jpg": "" };
  const table = "path,label\n1.jpg,Jalape\u00f1o\n2.jpg,b\n";
  const read = async (name: string, bytes: Buffer) =>
    countsOf(await listing(await folderOf({ ...photos, [name]: bytes })));
  const both = { "Jalape\u00f1o": 1, b: 1 };

  it("may have a byte order mark, be UTF-16 with or without one, or have the line ends of old Macs", async () => {
    expect(await read("list.csv", Buffer.from(`\ufeff${table}`))).toEqual(both);
    expect(await read("list.csv", Buffer.from(`\ufeff${table}`, "utf16le"))).toEqual(both);
    expect(await read("list.tsv", Buffer.from(table.replaceAll(",", "\t"), "utf16le"))).toEqual(both);
    expect(await read("list.csv", Buffer.from(table.replaceAll("\n", "\r")))).toEqual(both);
    expect(await read("list.csv", Buffer.from(table.replaceAll("\n", "\r\n")))).toEqual(both);
  });

  it("is refused where it is not UTF-8, with the line, and read with --encoding", async () => {
    const root = await folderOf({ ...photos, "list.csv": Buffer.from(table, "latin1") });
    await expect(listing(root)).rejects.toThrow(
      /list\.csv .*not UTF-8 \(line 2\)[^]*--encoding windows-1252/,
    );
    expect(countsOf(await listing(root, { encoding: "windows-1252" }))).toEqual(both);
  });

  it.each([
    [
      "a label with a comma in it",
      "path,label\n1.jpg,cat, tabby\n2.jpg,b\n",
      /list\.csv .*line 2 has 3 cells/,
    ],
    ["a header alone", "path,label\n", /list\.csv .*a header and no row/],
    ["nothing", "", /list\.csv .*it is empty/],
  ])("is refused with %s", async (_, text, message) => {
    await expect(listing(await folderOf({ ...photos, "list.csv": text }))).rejects.toThrow(message);
  });

  it("may have quotes within a cell, and commas behind some rows", async () => {
    expect(await read("list.csv", Buffer.from('path,label\n1.jpg,pipe 5" long\n2.jpg,b,\n'))).toEqual({
      ...{ 'pipe 5" long': 1, b: 1 },
    });
  });

  it("may name classes as JavaScript names what every object has", async () => {
    expect(await read("list.csv", Buffer.from("path,label\n1.jpg,__proto__\n2.jpg,constructor\n"))).toEqual(
      Object.fromEntries([
        ["__proto__", 1],
        ["constructor", 1],
      ]),
    );
  });
});

describe("an empty folder", () => {
  it("is refused", async () => {
    await expect(listing(await temporaryFolder())).rejects.toThrow(/but got no photo/);
  });
});
