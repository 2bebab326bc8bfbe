import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { readSampleSubmission } from "../../../commands/predict/sample-submission.ts";
import { temporaryFolder } from "../../folder.ts";

const labels = ["0", "1", "2"];
const asked = { answers: undefined, positive: undefined };

/** Reads a sample submission beside files of these names; photos come back by their own names. */
async function read(text: string, names: readonly string[]) {
  const folder = temporaryFolder();
  const file = path.join(folder, "sample_submission.csv");
  writeFileSync(file, text);
  for (const name of names) {
    mkdirSync(path.dirname(path.join(folder, "test", name)), { recursive: true });
    writeFileSync(path.join(folder, "test", name), "");
  }
  const photos = names.map((id) => ({ id, file: path.join(folder, "test", id) }));
  const sample = await readSampleSubmission(file, { labels, photos, asked });
  return {
    ...sample,
    photos: sample.photos.map((photo) => [photo.id, path.relative(path.join(folder, "test"), photo.file)]),
    remarks: sample.remarks.map((remark) => remark.replaceAll(`${folder}/`, "")),
  };
}

test("ids and order are the sample's; a file that it does not list is named", async () => {
  const { photos, remarks, answer } = await read("id,label\n3,0\n1.jpg,0\n", ["1.jpg", "2.jpg", "3.jpg"]);
  expect(answer).toEqual({ kind: "label" });
  expect(photos).toEqual([
    ["3", "3.jpg"],
    ["1.jpg", "1.jpg"],
  ]);
  expect(remarks).toEqual(["predict: 1 file not in sample_submission.csv, without a row: test/2.jpg"]);
});

test("an id that the sample has twice has two rows, and is named", async () => {
  const { photos, remarks } = await read("id,2,0,1\n1,0,0,0\n2,0,0,0\n1,0,0,0\n", ["1.jpg", "2.jpg"]);
  expect(photos.map(([id]) => id)).toEqual(["1", "2", "1"]);
  expect(remarks).toEqual(["predict: 1 id twice or more in sample_submission.csv, and in the answers: 1"]);
});

test("the column of ids is the one that names photos, wherever it stands; row numbers are kept as they are", async () => {
  const text = ",label,image\n0,0,a/1.jpg\n1,0,b/1.jpg\n";
  const { photos, columns } = await read(text, ["a/1.jpg", "b/1.jpg"]);
  expect(photos.map(([, file]) => file)).toEqual(["a/1.jpg", "b/1.jpg"]);
  expect(columns).toEqual([1]);
});

test("the photo is meant, not what lies beside it under the same name", async () => {
  const { photos } = await read("id,label\n1,0\n", ["1.jpg", "1.txt"]);
  expect(photos).toEqual([["1", "1.jpg"]]);
});

test.each([
  [
    "id,label\n1,0\n",
    ["a/1.jpg", "b/1.png"],
    /one photo for the id 1 .*a\/1\.jpg and .*b\/1\.png\n {2}--photos/,
  ],
  ["id,label\n", ["1.jpg"], /but got a header alone\n/],
  ["1.jpg,0\n", ["1.jpg"], /names of columns in the first line .* but got the photo 1\.jpg/],
  ["id\n1\n", ["1.jpg"], /but got ids alone/],
  [
    "id,label\n7,0\n8,0\n9,0\n",
    ["007.jpg", "8.jpg"],
    /all 3 photos that .* lists but 2 are .*\n {2}7 \(the nearest is .*007\.jpg\)\n {2}9\n {2}its ids have lost the zeros in front/,
  ],
])("%j beside %j is refused", async (text, names, message) => {
  await expect(read(text, names)).rejects.toThrow(message);
});
