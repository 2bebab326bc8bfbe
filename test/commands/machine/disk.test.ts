import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { freeBytesAt, whyNotWritable } from "../../../commands/machine/disk.ts";
import { temporaryFolder } from "../../folder.ts";

test("a folder that is not there yet is judged by the one in which it will be made, and nothing is left there", async () => {
  const folder = temporaryFolder();
  expect(await whyNotWritable(path.join(folder, "a/b"))).toBeNull();
  expect(await freeBytesAt(path.join(folder, "a/b"))).toBeGreaterThan(0);
  expect(readdirSync(folder)).toEqual([]);
});

test("a file in a folder's place is why nothing can be written there", async () => {
  const file = path.join(temporaryFolder(), "artifacts");
  writeFileSync(file, "");
  expect(await whyNotWritable(file)).toBe(`${file} is a file`);
  expect(await whyNotWritable(path.join(file, "below"))).toBe(`${file} is a file`);
});
