import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { byFileName, rowsWanted } from "../../../commands/predict/rows.ts";
import { temporaryFolder } from "../../folder.ts";

const labels = ["cat", "dog"];

test("a submission without a sample has a row for what is a photo by name or content, and names the rest", async () => {
  const folder = temporaryFolder();
  const contents = [
    ["1.jpg", ""],
    ["2", "\xff\xd8\xff\xe0"],
    ["3.txt", "notes"],
  ] as const;
  const photos = contents.map(([id, text]) => {
    writeFileSync(path.join(folder, id), text, "latin1");
    return { id, file: path.join(folder, id) };
  });
  const wanted = { format: "kaggle", top: 5, sample: undefined } as const;
  const answers = { answers: "number", positive: undefined } as const;
  const rows = await rowsWanted({ ...wanted, answers }, photos, labels);
  expect(rows.photos.map(({ id }) => id)).toEqual(["1", "2"]);
  expect(rows.table.head).toEqual(["id", "label"]);
  expect(rows.remarks).toEqual([
    expect.stringMatching(/^predict: 1 file without a row, .*3\.txt$/),
    "predict: the numbers are 0 for cat, 1 for dog",
  ]);
});

test("two photos of one name cannot both have a row without a sample", () => {
  const twice = ["a/1.jpg", "b/1.png"].map((file) => ({ id: file, file }));
  expect(() => byFileName(twice)).toThrow(/for "1" but got a\/1.jpg and b\/1.png\n {2}--sample-submission/);
});
