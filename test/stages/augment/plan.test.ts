import { describe, expect, it } from "vitest";
import {
  derivationDigest,
  photosPerShard,
  planShards,
  type Derivation,
} from "../../../stages/augment/plan.ts";
import { heldRows, planRows } from "../../../shared/arrow/held-rows.ts";
import { config } from "../../../stages/augment/config.ts";
import { viewConfig } from "../../../stages/augment/settings.ts";

const photos = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, i) => `${prefix}${String(i).padStart(4, "0")}`);

describe("a shard", () => {
  it("holds about 48 MiB of pixels, at least 8 photos and at most 256", () => {
    expect(photosPerShard(1, 224)).toBe(256);
    expect(photosPerShard(2, 224)).toBe(167);
    expect(photosPerShard(5, 224)).toBe(66);
    expect(photosPerShard(11, 512)).toBe(8);
    expect(photosPerShard(2, 32)).toBe(256);
  });
});

describe("the plan", () => {
  const all = photos(400, "a");
  const clean = photos(300, "b");
  const plan = planShards("d", { all, clean }, 1, 224);
  it("takes photos in order, all views first, then clean ones in shards of their own", () => {
    expect(plan.map(({ photos: { length }, views }) => [length, views])).toEqual([
      [167, [0, 1]],
      [167, [0, 1]],
      [66, [0, 1]],
      [256, [0]],
      [44, [0]],
    ]);
    expect(plan.flatMap((shard) => shard.photos)).toEqual([...all, ...clean]);
  });
  it("of photos that have got labels copies view 0 of each and makes the random views alone", () => {
    const before = planShards("d", { all: [], clean: all }, 1, 224);
    const held = heldRows(before.map((shard) => ({ ...shard, derivation: "d", bytes: 1, sha256: "" })));
    const rows = planShards("d", { all, clean: [] }, 1, 224).map(({ photos, views }) =>
      planRows(photos, views, held),
    );
    const copied = rows.flatMap(({ copies }) => copies.flatMap((copy) => copy.rows));
    const missing = rows.flatMap((plan) => plan.missing);
    expect([copied.length, missing.length]).toEqual([400, 400]);
    expect(new Set(missing.map(({ view }) => view))).toEqual(new Set([1]));
  });
  it("is the same for any order of the list", () => {
    expect(planShards("d", { all: all.toReversed(), clean: clean.toReversed() }, 1, 224)).toEqual(plan);
  });
  it("keeps the keys of shards whose photos and views stay", () => {
    const more = planShards("d", { all: [...all, "z"], clean }, 1, 224);
    expect(more.map(({ key }) => key).filter((key) => !plan.some((shard) => shard.key === key))).toHaveLength(
      1,
    );
  });
  it("has other keys for another derivation and for other views", () => {
    const keys = new Set(plan.map(({ key }) => key));
    for (const other of [
      planShards("e", { all, clean }, 1, 224),
      planShards("d", { all, clean: [] }, 0, 224),
    ])
      expect(other.some(({ key }) => keys.has(key))).toBe(false);
  });
  it("of no photos has no shards", () => {
    expect(planShards("d", { all: [], clean: [] }, 1, 224)).toEqual([]);
  });
});

describe("a derivation", () => {
  const derivation: Derivation = {
    version: 1,
    seed: 0,
    view: viewConfig(config.parse({})),
    background: "white",
    libraries: { sharp: "1.0.0" },
  };
  const digest = derivationDigest(derivation);
  it.each([
    ["the version", { version: 2 }],
    ["the seed", { seed: 1 }],
    ["the size", { view: viewConfig(config.parse({ inputSize: 192 })) }],
    ["the jitter", { view: viewConfig(config.parse({ jitter: "0,0,0.1" })) }],
    ["the background", { background: "black" }],
    ["the decoder", { libraries: { sharp: "1.0.1" } }],
  ])("changes with %s", (_, change) => {
    expect(derivationDigest({ ...derivation, ...change })).not.toBe(digest);
  });
  it("stays with the number of views, so that their rows are copied", () => {
    expect(derivationDigest({ ...derivation, view: viewConfig(config.parse({ views: 4 })) })).toBe(digest);
  });
});
