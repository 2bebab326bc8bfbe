import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { deleteGarbage, describeGarbage, findGarbage } from "../../commands/gc.ts";
import { planAll } from "../../plan/plans.ts";
import { finishResult } from "../../shared/artifacts/results.ts";
import { shardStore } from "../../shared/artifacts/shards.ts";
import { temporaryFolder } from "../folder.ts";
import { fakeStages, finishAll, placeIn, requestFor } from "../plan/fake-pipeline.ts";

test("results on which no run stands are garbage, those that a run stands on are not", async () => {
  const stages = fakeStages({ photos: "p", labels: "l" });
  const names = stages.map(({ name }) => name);
  const place = placeIn(temporaryFolder());
  const first = await planAll(requestFor(stages, { lr: 0.1 }), place);
  await finishAll(first, place);
  expect(await findGarbage(names, place.store, place.refs)).toEqual([]);
  const second = await planAll(requestFor(stages, { lr: 0.2 }), place);
  await finishAll(second, place);
  const garbage = await findGarbage(names, place.store, place.refs);
  expect(garbage.map(({ name }) => name)).toEqual([`train/${first[2]?.key ?? ""}`]);
  await deleteGarbage(garbage, place.store);
  expect(existsSync(place.store.path(`train/${first[2]?.key ?? ""}`))).toBe(false);
  expect(existsSync(place.store.path(`train/${second[2]?.key ?? ""}/manifest.json`))).toBe(true);
});

test("a shard goes with the last result that lists it; shards of unfinished work stay", async () => {
  const folder = temporaryFolder();
  const place = placeIn(folder);
  const shards = shardStore(place.store, "embed");
  for (const key of ["shared", "old", "unfinished"]) {
    writeFileSync(path.join(folder, key), key);
    await shards.put(path.join(folder, key), {
      key,
      derivation: "d",
      photos: [],
      views: [],
      bytes: 3,
      sha256: "",
    });
  }
  const parts = { stage: "embed", version: 1, config: {}, inputs: {}, libraries: {}, source: null };
  const finish = async (key: string, names: string[]) => {
    const records = names.map((name) => ({ name, bytes: 3, sha256: "" }));
    await finishResult(place.store, folder, {
      key,
      parts,
      config: {},
      outputs: {},
      results: {},
      files: [],
      shards: records,
      facts: {},
    });
  };
  await finish("k1", ["shared", "old"]);
  await finish("k2", ["shared"]);
  await place.refs.compareAndSwap("default", "embed", null, "k2");
  const garbage = await findGarbage(["embed"], place.store, place.refs);
  expect(garbage.map(({ name }) => name)).toEqual([
    "embed/shards/old.json",
    "embed/shards/old.arrow",
    "embed/k1",
  ]);
  expect(describeGarbage(garbage, false)).toContain(
    "could be deleted: the same command with --delete does it",
  );
});

test("a workspace is garbage only when its process is gone", async () => {
  const folder = temporaryFolder();
  const place = placeIn(folder);
  const own = `train-${hostname()}-${process.pid}-abc123`;
  const dead = `train-${hostname()}-${2 ** 22 + 1}-abc123`;
  for (const name of [own, dead]) mkdirSync(path.join(folder, "work", name), { recursive: true });
  const garbage = await findGarbage(["train"], place.store, place.refs);
  expect(garbage.map(({ name }) => name)).toEqual([`work/${dead}`]);
});
