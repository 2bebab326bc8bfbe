import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { byFileName, readSampleSubmission } from "../../../commands/predict/sample-submission.ts";
import { temporaryFolder } from "../../folder.ts";

const labels = ["beagle", "boxer", "pug"];
const photos = byFileName(["a", "b", "c"].map((id) => ({ id: `x/${id}.jpg`, file: `test/x/${id}.jpg` })));

function sample(text: string): string {
  const file = path.join(temporaryFolder(), "sample_submission.csv");
  writeFileSync(file, text);
  return file;
}

test("columns and rows come in the file's order, and photos that it does not list are left out", async () => {
  const file = sample("\ufeffid,pug,beagle,boxer\r\nc,.3,.3,.3\r\na,.3,.3,.3\r\n");
  expect(await readSampleSubmission(file, labels, photos)).toEqual({
    idName: "id",
    classes: ["pug", "beagle", "boxer"],
    photos: [
      { id: "c", file: "test/x/c.jpg" },
      { id: "a", file: "test/x/a.jpg" },
    ],
  });
});

test.each([
  [
    "id,beagle,pug\na,0,0\n",
    /the model's 3 classes as columns for .* but got one without a column for boxer/,
  ],
  [
    "id,beagle,boxer,pug,husky,corgi\na,0,0,0,0,0\n",
    /but got one with columns the model has no class for: husky, corgi/,
  ],
  ["id,beagle,husky\na,0,0\n", /without a column for boxer, pug and with columns .* for: husky/],
  ["id\na\n", /a column of ids and a column a class for .* but got the column id alone/],
  ["", /but got an empty file/],
  ["id,beagle\na\n", /expected a CSV file for/],
  [
    "id,beagle,boxer,pug\na,0,0,0\nd,0,0,0\ne,0,0,0\n",
    /expected all 3 photos .* but 2 are not among .*\n {2}d\n {2}e$/,
  ],
])("%j is refused in one error", async (text, message) => {
  await expect(readSampleSubmission(sample(text), labels, photos)).rejects.toThrow(message);
});

test("a file that is not there is an error that names the flag", async () => {
  await expect(readSampleSubmission("nowhere.csv", labels, photos)).rejects.toThrow(
    'expected a CSV file for "--sample-submission nowhere.csv" but got none there',
  );
});

test("two photos of one name cannot both have a row", () => {
  const twice = ["a/1.jpg", "b/1.png"].map((file) => ({ id: file, file }));
  expect(() => byFileName(twice)).toThrow(/for "1" but got a\/1.jpg and b\/1.png/);
});
