import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readIndexedPhotos } from "../../../shared/photos.ts";
import { batchesOf } from "../../../stages/train/batches.ts";
import { joinExamples } from "../../../stages/train/examples.ts";
import { epochOrder } from "../../../stages/train/order.ts";
import { toyContext, toyFeatures, type ToySet } from "./toy.ts";

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), "batches-"))));
afterEach(() => rm(folder, { recursive: true }));

/** Features that say which photo and view they are of. */
const set: ToySet = {
  photos: Array.from({ length: 50 }, (_, i) => ({
    photo: `photo ${i}`,
    label: ["ant", "bee", "cat"][i % 3] as string,
    split: i % 5 === 0 ? ("validation" as const) : ("train" as const),
  })),
  featuresOf: (photo, view) => [
    Number(photo.split(" ")[1]),
    view,
    ...new Array<number>(toyFeatures - 2).fill(0),
  ],
  views: 3,
  photosPerShard: 8,
};

test("an epoch's batches hold each training photo once, in the epoch's view, with its own label", async () => {
  const seen = await examplesOfEpoch(0, 2);
  expect(seen.map(({ photo }) => photo).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 50 }, (_, i) => i).filter((i) => i % 5 !== 0),
  );
  for (const { photo, view, label } of seen) expect({ view, label }).toEqual({ view: 2, label: photo % 3 });
});

test("photos of different shards are mixed, and differently in each epoch", async () => {
  const photosOf = async (epoch: number) => (await examplesOfEpoch(epoch, 0)).map(({ photo }) => photo);
  const [first, second] = [await photosOf(0), await photosOf(1)];
  expect(second).not.toEqual(first);
  const shards = first.map((photo) => Math.floor(photo / set.photosPerShard));
  const changes = shards.filter((shard, i) => i > 0 && shard !== shards[i - 1]).length;
  expect(changes).toBeGreaterThan(10);
});

test("only the last batch is short", async () => {
  const sizes: number[] = [];
  for await (const batch of await batches(0, 0)) sizes.push(batch.count);
  expect(sizes).toEqual([12, 12, 12, 4]);
});

async function batches(epoch: number, view: number) {
  const { context } = await toyContext(folder, set);
  const { index, embed } = context.inputs;
  if (index === undefined || embed === undefined) throw new Error("the toy has both");
  const { train } = await joinExamples(await readIndexedPhotos(index), embed);
  const counts = train.map(({ rows }) => rows.length);
  const source = {
    result: embed,
    examples: train,
    view,
    length: toyFeatures,
    type: "float32",
    size: 12,
  } as const;
  return batchesOf(source, epochOrder(counts, 20, 0, epoch));
}

async function examplesOfEpoch(epoch: number, view: number) {
  const examples: { photo: number; view: number; label: number }[] = [];
  for await (const { rows, labels, count } of await batches(epoch, view))
    for (let row = 0; row < count; row++) {
      const [photo = NaN, of = NaN] = rows.subarray(row * toyFeatures);
      examples.push({ photo, view: of, label: labels[row] ?? NaN });
    }
  return examples;
}
