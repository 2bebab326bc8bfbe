import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { artifactOf, findManifest, finishResult } from "../../../shared/artifacts/results.ts";
import { shardStore } from "../../../shared/artifacts/shards.ts";
import { folderStore, relink } from "../../../shared/artifacts/store.ts";
import type { KeyParts, ShardRecord } from "../../../shared/artifacts/types.ts";
import { temporaryFolder } from "../../folder.ts";

const parts: KeyParts = { stage: "train", version: 1, config: {}, inputs: {}, libraries: {}, source: null };
const resultOf = (files: string[]) => ({ key: "k1", parts, config: {}, outputs: {}, results: {}, shards: [], facts: {}, files });

test("of two objects under one name the first stays, and it cannot be written to", async () => {
  const folder = temporaryFolder();
  const store = folderStore(path.join(folder, "store"));
  for (const text of ["first", "second"]) {
    writeFileSync(path.join(folder, "file"), text);
    await store.put("a/b", path.join(folder, "file"));
  }
  expect(readFileSync(store.path("a/b"), "utf8")).toBe("first");
  expect(statSync(store.path("a/b")).mode & 0o777).toBe(0o444);
  expect(existsSync(path.join(folder, "file"))).toBe(false);
  expect(await store.list("a")).toEqual(["b"]);
  expect(await store.list("nowhere")).toEqual([]);
});

test("a result counts from its manifest on, which records each file's size and digest", async () => {
  const folder = temporaryFolder();
  const store = folderStore(path.join(folder, "store"));
  writeFileSync(path.join(folder, "head.onnx"), "abc");
  expect(await findManifest(store, "train", "k1")).toBeNull();
  await finishResult(store, folder, resultOf(["head.onnx"]));
  const manifest = await findManifest(store, "train", "k1");
  expect(manifest?.files).toEqual([
    { name: "head.onnx", bytes: 3, sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
  ]);
  if (manifest === null) return;
  expect(readFileSync(artifactOf(store, manifest).file("head.onnx"), "utf8")).toBe("abc");
});

test("a file that a killed process left without a manifest is replaced", async () => {
  const folder = temporaryFolder();
  const store = folderStore(path.join(folder, "store"));
  writeFileSync(path.join(folder, "left"), "half");
  await store.put("train/k1/head.onnx", path.join(folder, "left"));
  writeFileSync(path.join(folder, "head.onnx"), "whole");
  await finishResult(store, folder, resultOf(["head.onnx"]));
  expect(readFileSync(store.path("train/k1/head.onnx"), "utf8")).toBe("whole");
});

test("an unreadable manifest is an error that says what to delete", async () => {
  const folder = temporaryFolder();
  const store = folderStore(folder);
  writeFileSync(path.join(folder, "m"), "{");
  await store.put("train/k1/manifest.json", path.join(folder, "m"));
  await expect(findManifest(store, "train", "k1")).rejects.toThrow(/expected a readable manifest .*\n.*delete .*run train again/);
});

test("shards are found by their derivation, and one without a record does not count", async () => {
  const folder = temporaryFolder();
  const store = folderStore(path.join(folder, "store"));
  const shards = shardStore(store, "embed");
  const record = (key: string, derivation: string): ShardRecord => ({ key, derivation, photos: [], views: [0], bytes: 1, sha256: "" });
  for (const [key, derivation] of [["s1", "d"], ["s2", "other"]] as const) {
    writeFileSync(path.join(folder, key), key);
    await shards.put(path.join(folder, key), record(key, derivation));
  }
  writeFileSync(path.join(folder, "left"), "half");
  await store.put("embed/shards/s3.arrow", path.join(folder, "left"));
  expect(await shards.has("s3")).toBe(false);
  expect((await shards.recordsOf("d")).map(({ key }) => key)).toEqual(["s1"]);

  writeFileSync(path.join(folder, "s3"), "whole");
  await shards.put(path.join(folder, "s3"), record("s3", "d"));
  expect(readFileSync(shards.path("s3"), "utf8")).toBe("whole");
  await shards.discard("s1");
  expect(await shards.has("s1")).toBe(false);
});

test("a shown file is replaced in one step by another result's", async () => {
  const folder = temporaryFolder();
  for (const text of ["old", "new"]) {
    writeFileSync(path.join(folder, text), text);
    await relink(path.join(folder, text), path.join(folder, "shown/features.npy"));
    expect(readFileSync(path.join(folder, "shown/features.npy"), "utf8")).toBe(text);
  }
});

test("showing what is shown already leaves nothing else behind", async () => {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, "features"), "same");
  for (let i = 0; i < 2; i++) await relink(path.join(folder, "features"), path.join(folder, "shown/features.npy"));
  expect(readdirSync(path.join(folder, "shown"))).toEqual(["features.npy"]);
});
