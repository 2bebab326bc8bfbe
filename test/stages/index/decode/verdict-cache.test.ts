import { appendFile, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { openVerdictCache } from "../../../../stages/index/decode/verdict-cache.ts";
import { temporaryFolder } from "../photo-set.ts";

it("keeps verdicts, and passes over a line that was torn", async () => {
  const file = path.join(await temporaryFolder(), "new", "verdicts.jsonl");
  const first = await openVerdictCache(file);
  first.add("aa", { width: 3, height: 4, perceptualHash: "00000000000000ff" });
  first.add("bb", { reason: 'a "reason"' });
  await first.flush();
  await appendFile(file, '["ee",5,6]\n["cc",5,');
  const second = await openVerdictCache(file);
  expect(second.get("cc")).toBeUndefined();
  second.add("dd", { width: 1, height: 2, perceptualHash: "0123456789abcdef" });
  await second.flush();
  const third = await openVerdictCache(file);
  expect(["aa", "bb", "cc", "dd", "ee"].map((sha256) => third.get(sha256))).toEqual([
    { width: 3, height: 4, perceptualHash: "00000000000000ff" },
    { reason: 'a "reason"' },
    undefined,
    { width: 1, height: 2, perceptualHash: "0123456789abcdef" },
    undefined,
  ]);
  const before = await readFile(file, "utf8");
  await third.flush();
  expect(await readFile(file, "utf8")).toBe(before);
});
