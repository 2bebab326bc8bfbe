import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { newFile } from "../../../commands/predict/new-file.ts";
import { temporaryFolder } from "../../folder.ts";

test("a file has its name once it is whole, and replaces what was there", async () => {
  const folder = path.join(temporaryFolder(), "new");
  const target = path.join(folder, "out.csv");
  const file = await newFile(target);
  expect(readdirSync(folder)).not.toContain("out.csv");
  writeFileSync(target, "before");
  await file.write("a\n");
  await file.write("b\n");
  expect(readFileSync(target, "utf8")).toBe("before");
  await file.finish();
  await file.abandon();
  expect(readdirSync(folder)).toEqual(["out.csv"]);
  expect(readFileSync(target, "utf8")).toBe("a\nb\n");
});

test("what is abandoned leaves nothing behind", async () => {
  const folder = temporaryFolder();
  const file = await newFile(path.join(folder, "out.csv"));
  await file.write("half");
  await file.abandon();
  expect(readdirSync(folder)).toEqual([]);
});
