import { createHash } from "node:crypto";
import { readdir, readFile, rename, stat, truncate, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { hashPhotos } from "../../../../stages/index/hash/hash-photos.ts";
import { openStatCache } from "../../../../stages/index/hash/stat-cache.ts";
import { folderOf, temporaryFolder } from "../photo-set.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("hashing photos", () => {
  it("gives each file's digest, and says why there is none", async () => {
    const root = await folderOf({ "a.jpg": "a", "deep/b.jpg": "bb", "empty.jpg": "" });
    const hashed = await hashPhotos(
      root,
      ["deep/b.jpg", "a.jpg", "gone.jpg", "empty.jpg", "deep"],
      await temporaryFolder(),
    );
    expect(hashed).toEqual([
      { sha256: sha256("bb"), bytes: 2 },
      { sha256: sha256("a"), bytes: 1 },
      { sha256: null, problem: "missing" },
      { sha256: null, problem: "empty" },
      { sha256: null, problem: "not a file" },
    ]);
  });

  it("does not read a file that is too large for a photo", async () => {
    const root = await folderOf({ "a.jpg": "a" });
    await truncate(path.join(root, "a.jpg"), 600 * 1024 * 1024);
    const [hashed] = await hashPhotos(root, ["a.jpg"], await temporaryFolder());
    expect(hashed).toEqual({ sha256: null, problem: "oversized: 629145600 bytes" });
  });

  it("notices a change that keeps a file's size and time of change", async () => {
    const root = await folderOf({ "a.jpg": "one" });
    const file = path.join(root, "a.jpg");
    const cache = await temporaryFolder();
    const { atime, mtime } = await stat(file);
    expect(await hashPhotos(root, ["a.jpg"], cache)).toEqual([{ sha256: sha256("one"), bytes: 3 }]);
    await writeFile(file, "two");
    await utimes(file, atime, mtime);
    expect(await hashPhotos(root, ["a.jpg"], cache)).toEqual([{ sha256: sha256("two"), bytes: 3 }]);
  });

  it.each([
    ['{"a.jpg": 3'],
    ['{"a.jpg": 3}'],
    ["[7]"],
    ["null"],
    ['{"a.jpg": null}'],
    ['{"a.jpg": ["1", 2]}'],
  ])("works on with a damaged cache: %s", async (damage) => {
    const root = await folderOf({ "a.jpg": "one" });
    const cache = await temporaryFolder();
    await hashPhotos(root, ["a.jpg"], cache);
    for (const name of await readdir(cache)) await writeFile(path.join(cache, name), damage);
    expect(await hashPhotos(root, ["a.jpg"], cache)).toEqual([{ sha256: sha256("one"), bytes: 3 }]);
  });
});

describe("the stat cache", () => {
  const stamp = { size: 3, mtimeMs: 5000.25, ctimeMs: 6000.5, ino: 9 };
  const open = async () => path.join(await temporaryFolder(), "stat.json");

  it("knows a file that did not change, and forgets those not asked for", async () => {
    const file = await open();
    const first = await openStatCache(file);
    first.set("a", stamp, "digest of a", 8001);
    first.set("b", stamp, "digest of b", 8001);
    await first.save(["a"]);
    const second = await openStatCache(file);
    expect(second.get("a", stamp)).toBe("digest of a");
    expect(second.get("b", stamp)).toBeUndefined();
    for (const field of ["size", "mtimeMs", "ctimeMs", "ino"] as const)
      expect(second.get("a", { ...stamp, [field]: stamp[field] + 0.25 })).toBeUndefined();
  });

  it("does not trust a file that had changed less than two seconds before it was read", async () => {
    const cache = await openStatCache(await open());
    cache.set("by ctime", stamp, "digest", 8000);
    cache.set("by mtime", { ...stamp, mtimeMs: 6501 }, "digest", 8001);
    cache.set("in the future", { ...stamp, mtimeMs: 99_000 }, "digest", 8001);
    expect(cache.get("by ctime", stamp)).toBeUndefined();
    expect(cache.get("by mtime", { ...stamp, mtimeMs: 6501 })).toBeUndefined();
    expect(cache.get("in the future", { ...stamp, mtimeMs: 99_000 })).toBeUndefined();
  });

  it("is written whole: nothing else is left in its folder", async () => {
    const file = await open();
    const cache = await openStatCache(file);
    cache.set("a", stamp, "digest", 8001);
    await cache.save(["a"]);
    expect(await readdir(path.dirname(file))).toEqual(["stat.json"]);
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual({ a: [3, 5000.25, 6000.5, 9, "digest"] });
    await rename(file, `${file}.moved`);
    await cache.save(["a"]);
    expect(await readdir(path.dirname(file))).toEqual(["stat.json.moved"]);
  });
});
