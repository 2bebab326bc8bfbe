import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { expectRoom, expectWritable } from "../../commands/preflight.ts";
import { planAll } from "../../plan/plans.ts";
import { temporaryFolder } from "../folder.ts";
import { fakeStages, finishAll, placeIn, requestFor } from "../plan/fake-pipeline.ts";

/** A plan whose second stage is estimated to write so many bytes. */
function planOf(bytes: number) {
  const folder = temporaryFolder();
  const place = placeIn(folder);
  const [index, embed] = fakeStages({ photos: "p", labels: "l" });
  if (index === undefined || embed === undefined) throw new Error("two stages");
  const large = { ...embed, estimate: () => ({ units: 1, bytes, unitsPerSecond: 1 }) };
  return { folder, place, request: requestFor([index, large]) };
}

test("a plan that the disk has no room for is one error, a small one is silent", async () => {
  const small = planOf(1000);
  await expect(expectRoom(await planAll(small.request, small.place), small.place)).resolves.toBeUndefined();
  const large = planOf(1e18);
  await expect(expectRoom(await planAll(large.request, large.place), large.place)).rejects.toThrow(
    /^pipeline: expected 1000000000\.0 GB free .* but got [\d.]+ GB\n {2}--artifacts FOLDER/,
  );
});

test("what is there already is not asked for again", async () => {
  const { place, request } = planOf(1e18);
  await finishAll(await planAll(request, place), place);
  await expect(expectRoom(await planAll(request, place), place)).resolves.toBeUndefined();
});

test("shards that a killed run has left count as written", async () => {
  const { folder, place, request } = planOf(5e12);
  const shards = path.join(folder, "embed/shards");
  mkdirSync(shards, { recursive: true });
  await expect(expectRoom(await planAll(request, place), place)).rejects.toThrow("expected 5000.0 GB free");
  // A hole of that length: no byte of it is written.
  writeFileSync(path.join(shards, "one.arrow"), "");
  truncateSync(path.join(shards, "one.arrow"), 5e12);
  await expect(expectRoom(await planAll(request, place), place)).resolves.toBeUndefined();
});

test("a file in the artifacts' place is an error", async () => {
  const file = path.join(temporaryFolder(), "artifacts");
  await expect(expectWritable(file)).resolves.toBeUndefined();
  writeFileSync(file, "");
  await expect(expectWritable(file)).rejects.toThrow(/expected a folder for results that can be written/);
});
