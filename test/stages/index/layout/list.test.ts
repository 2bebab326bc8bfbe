import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { list } from "../../../../stages/index/layout/list.ts";
import { folderOf, temporaryFolder } from "../photo-set.ts";

/** Rows as text, so that a test reads like the listing: "id path label given group". */
async function listed(data: string): Promise<string[]> {
  const { rows } = await list(data);
  return rows.map(({ id, path, label, given, group }) =>
    [id, path, label ?? "-", given ?? "-", group ?? "-"].join(" "),
  );
}

describe("Kaggle's layout", () => {
  it("is listed in the order of labels.csv, then photos without a row, then test photos", async () => {
    const root = await folderOf({
      "labels.csv": "id,breed\nb,pug\na,husky\ngone,pug\n",
      "sample_submission.csv": "id,pug,husky\nt,0.5,0.5\n",
      "train/a.jpg": "",
      "train/b.PNG": "",
      "train/extra.webp": "",
      "test/t.jpg": "",
      "test/a.jpg": "",
    });
    expect(await listed(root)).toEqual([
      "b train/b.PNG pug - -",
      "a train/a.jpg husky - -",
      "gone train/gone.jpg pug - -",
      "extra train/extra.webp - - -",
      "test/a.jpg test/a.jpg - - -",
      "t test/t.jpg - - -",
    ]);
    expect((await list(root)).layout).toMatch(/^Kaggle/);
    expect(await listed(path.join(root, "labels.csv"))).toHaveLength(6);
  });

  it("refuses an id with two labels and names it", async () => {
    const root = await folderOf({ "labels.csv": "id,breed\na,pug\na,husky\nb,pug\n", "train/a.jpg": "" });
    await expect(list(root)).rejects.toThrow(/a \(pug, husky\)/);
  });

  it("takes an id that is repeated under one label once, and says so", async () => {
    const root = await folderOf({ "labels.csv": "id,breed\na,pug\na,pug\n", "train/a.jpg": "" });
    const { rows, remarks } = await list(root);
    expect(rows).toHaveLength(1);
    expect(remarks).toEqual(["1 rows repeat a photo under the same label: taken once"]);
  });

  it("refuses labels.csv without train/", async () => {
    const root = await folderOf({ "labels.csv": "id,breed\na,pug\n", "photos/a.jpg": "" });
    await expect(list(root)).rejects.toThrow(/a folder train\/.*but got the folders photos/);
  });
});

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
    expect(await listed(root)).toEqual([
      "a/1.jpg a/1.jpg a - -",
      "a/1.png a/1.png a - -",
      "a-b/1 a-b/1.webp a-b - -",
      "b/10 b/10.jpg b - -",
      "b/2 b/2.jpg b - -",
      "b/more/1 b/more/1.jpeg b - -",
      "loose loose.jpg - - -",
    ]);
  });

  it("is still that where a stray CSV lists no photos", async () => {
    const root = await folderOf({ "a/1.jpg": "", "prices.csv": 'item,price\n"1,2\n' });
    expect(await listed(root)).toEqual(["a/1 a/1.jpg a - -"]);
  });
});

describe("train, validation and test folders", () => {
  it.each([["val"], ["valid"], ["Validation"]])("are parts that are kept (%s/)", async (validation) => {
    const root = await folderOf({
      "train/cat/1.jpg": "",
      [`${validation}/cat/1.jpg`]: "",
      "test/cat/1.jpg": "",
      "test/2.jpg": "",
      "train/dog/1.jpg": "",
    });
    expect(await listed(root)).toEqual([
      "train/cat/1 train/cat/1.jpg cat train -",
      "train/dog/1 train/dog/1.jpg dog train -",
      `${validation}/cat/1 ${validation}/cat/1.jpg cat validation -`,
      "test/cat/1 test/cat/1.jpg cat test -",
      "test/2 test/2.jpg - - -",
    ]);
  });
});

describe("a table of paths", () => {
  const rows = ["a/1 a/1.jpg cat train g1", "a/2 a/2.jpg dog validation -", "3 3.jpg - - -"];

  it("is a CSV inside the folder, its header in any case, in any order of columns", async () => {
    const root = await folderOf({
      "list.csv":
        "\ufeffGroup,LABEL,Path,Split\r\ng1,cat,./a/1.jpg,Train\r\n,dog,a/2.jpg,val\r\n,,3.jpg,\r\n",
      "a/1.jpg": "",
    });
    expect(await listed(root)).toEqual(rows);
  });

  it("is a TSV given by name, among other tables", async () => {
    const root = await folderOf({
      "one.tsv":
        "path\tlabel\tsplit\tgroup\na/1.jpg\tcat\ttraining\tg1\na/2.jpg\tdog\tvalid\t\n3.jpg\t\t\t\n",
      "two.csv": "path,label\nb.jpg,cat\n",
    });
    expect(await listed(path.join(root, "one.tsv"))).toEqual(rows);
    await expect(list(root)).rejects.toThrow(/one table of photos .* but got one.tsv, two.csv/);
  });

  it("refuses a split that it does not know and names the row", async () => {
    const root = await folderOf({ "list.csv": "path,label,split\n1.jpg,cat,train\n2.jpg,cat,holdout\n" });
    await expect(list(root)).rejects.toThrow(/train, validation or test .*row 2" but got "holdout"/);
  });

  it("refuses missing columns and names those that are there", async () => {
    const root = await folderOf({ "list.csv": "file,label\n1.jpg,cat\n" });
    await expect(list(root)).rejects.toThrow(/the columns path and label.* but got file, label/);
  });

  it("refuses a path with two labels", async () => {
    const root = await folderOf({ "list.csv": "path,label\n1.jpg,cat\n./1.jpg,dog\n" });
    await expect(list(root)).rejects.toThrow(/1.jpg \(cat, dog\)/);
  });

  it("refuses rows of another length, and says which", async () => {
    const root = await folderOf({ "list.csv": "path,label\n1.jpg,cat,dog\n" });
    await expect(list(root)).rejects.toThrow(/line 2/);
  });
});

describe("a folder of photos and nothing else", () => {
  it("is listed without labels, and a table beside it that lists none only where labels are not wanted", async () => {
    const root = await folderOf({ "2.jpg": "", "1.png": "" });
    expect(await listed(root)).toEqual(["1 1.png - - -", "2 2.jpg - - -"]);
    expect((await list(root)).remarks).toEqual([]);
    await writeFile(path.join(root, "prices.csv"), "item,price\n1,2\n");
    await expect(list(root)).rejects.toThrow(/the columns path and label/);
    expect((await list(root, "none")).rows).toHaveLength(2);
  });
});

describe("what is no set of photos", () => {
  it.each([["/nowhere/at/all"], [""]])("is refused: --data '%s'", async (data) => {
    await expect(list(data)).rejects.toThrow(/expected a folder of photos/);
  });

  it("is refused: an empty folder, with the layouts known", async () => {
    await expect(list(await temporaryFolder())).rejects.toThrow(
      /but got none\n {2}layouts known: labels\.csv/,
    );
  });

  it("is refused: a table that gives no photo a label, unless labels are not wanted", async () => {
    const root = await folderOf({ "list.csv": "path,label\n1.jpg,\n2.jpg,\n" });
    await expect(list(root)).rejects.toThrow(/2 photos without a label/);
    expect((await list(root, "none")).rows).toHaveLength(2);
  });

  it("is refused: a file that is no table", async () => {
    const root = await folderOf({ "photos.zip": "" });
    await expect(list(path.join(root, "photos.zip"))).rejects.toThrow(/named .csv or .tsv/);
  });
});
