import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { readSampleTable } from "../../../commands/predict/sample-table.ts";
import { temporaryFolder } from "../../folder.ts";

function sample(content: string | Buffer): string {
  const file = path.join(temporaryFolder(), "sample_submission.csv");
  writeFileSync(file, content);
  return file;
}

const utf16 = Buffer.from("\ufeffid\tlabel\r\n1.jpg\t\r\n", "utf16le");

test.each([
  ["\ufeffid,label\r\n1.jpg,\r\n", ","],
  ["id;label\n1.jpg;\n\n", ";"],
  ["id\tlabel\r1.jpg\t\r", "\t"],
  ['"id","label"\n"1.jpg",""\n', ","],
  [utf16, "\t"],
  [Buffer.from(utf16).swap16(), "\t"],
])("%j is one table, its cells parted as they are there", async (content, delimiter) => {
  expect(await readSampleTable(sample(content))).toMatchObject({
    delimiter,
    head: ["id", "label"],
    rows: [["1.jpg", ""]],
  });
});

test("a comma within a name in quotes parts nothing", async () => {
  expect(await readSampleTable(sample('"a, b, c";label\n1;2\n'))).toMatchObject({
    head: ["a, b, c", "label"],
    rows: [["1", "2"]],
  });
});

test.each([
  ["", /but got an empty file/],
  ["id,beagle\na\n", /expected a CSV file for/],
  [Buffer.from("id,label\ncaf\xe9.jpg,1\n", "latin1"), /neither UTF-8 nor UTF-16: save it as UTF-8/],
])("%j is refused in one error", async (content, message) => {
  await expect(readSampleTable(sample(content))).rejects.toThrow(message);
});

test("a file that is not there is an error that names the flag", async () => {
  await expect(readSampleTable("nowhere.csv")).rejects.toThrow(
    'expected a CSV file for "--sample-submission nowhere.csv" but got none there',
  );
});
