import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { folderRefs } from "../../../shared/artifacts/refs.ts";
import { temporaryFolder } from "../../folder.ts";

test("a ref moves only from what it was", async () => {
  const refs = folderRefs(temporaryFolder());
  expect(await refs.read("default", "train")).toBeNull();
  expect(await refs.compareAndSwap("default", "train", null, "k1")).toBe(true);
  expect(await refs.compareAndSwap("default", "train", null, "k2")).toBe(false);
  expect(await refs.compareAndSwap("default", "train", "k1", "k2")).toBe(true);
  expect(await refs.read("default", "train")).toBe("k2");
  expect(await refs.runs()).toEqual(["default"]);
});

test("a ref moves to nothing, and on from there", async () => {
  const refs = folderRefs(temporaryFolder());
  await refs.compareAndSwap("default", "train", null, "k1");
  expect(await refs.compareAndSwap("default", "train", "k1", null)).toBe(true);
  expect(await refs.read("default", "train")).toBeNull();
  expect(await refs.compareAndSwap("default", "train", "k1", "k2")).toBe(false);
  expect(await refs.compareAndSwap("default", "train", null, "k2")).toBe(true);
  expect(await refs.read("default", "train")).toBe("k2");
});

test("of many that move a ref at once exactly one does", async () => {
  const folder = temporaryFolder();
  const refs = folderRefs(folder);
  const moves = Array.from({ length: 8 }, (_, i) => refs.compareAndSwap("default", "train", null, `k${i}`));
  const moved = await Promise.all(moves);
  expect(moved.filter(Boolean)).toHaveLength(1);
  expect(await refs.read("default", "train")).toBe(`k${moved.indexOf(true)}`);
  expect(readdirSync(path.join(folder, "runs/default/refs/train"))).toEqual(["1"]);
});
