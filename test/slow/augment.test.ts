import { appendFileSync, chmodSync, existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openShard } from "../../shared/arrow/shard.ts";
import { temporaryFolder } from "../folder.ts";
import { digestsOf, photoSet, runAugment } from "../stages/augment/photo-set.ts";

const folders = (count: number) => Array.from({ length: count }, () => temporaryFolder());

describe("augment", () => {
  it("gives the same bytes with one worker or three, in one part or four", async () => {
    const [data = "", one = "", three = "", parts = ""] = folders(4);
    const photos = await photoSet(data, 600, 300);
    const whole = await runAugment(one, data, photos, { workers: 1 });
    expect(whole.result?.shards).toHaveLength(5);
    expect(whole.result?.facts).toMatchObject({
      views: 2,
      shape: [8, 8, 3],
      photos: { all: 600, clean: 300 },
    });
    expect(digestsOf(await runAugment(three, data, photos, { workers: 3 }))).toEqual(digestsOf(whole));

    for (const index of [1, 2, 3]) {
      const { result } = await runAugment(parts, data, photos, { part: { index, count: 4 } });
      expect(result).toBeNull();
    }
    const last = await runAugment(parts, data, photos, { part: { index: 4, count: 4 } });
    expect(last.result?.shards).toEqual(whole.result?.shards);
    expect(digestsOf(last)).toEqual(digestsOf(whole));
  });

  it("warps only what no finished shard holds, and then has the bytes of a run from nothing", async () => {
    const [data = "", root = "", fresh = ""] = folders(3);
    const photos = await photoSet(data, 330);
    const fewer = { ...photos, all: photos.all.filter((_, i) => i % 11 !== 0) };
    await runAugment(root, data, fewer, {});
    const more = await runAugment(root, data, photos, {});
    expect(more.result?.figures).toMatchObject({ warped: 60, copied: 600 });
    expect(more.lines).toContain("warped 60 views, copied 600");
    const views = await runAugment(root, data, photos, { views: 3 });
    expect(views.result?.figures).toMatchObject({ warped: 660, copied: 660 });
    expect(digestsOf(views)).toEqual(digestsOf(await runAugment(fresh, data, photos, { views: 3 })));
    const again = await runAugment(root, data, photos, { views: 3 });
    expect([again.lines, again.result?.figures]).toEqual([[], {}]);
  });

  it("does not copy from a damaged shard", async () => {
    const [data = "", root = "", fresh = ""] = folders(3);
    const photos = await photoSet(data, 40);
    const { result, shards } = await runAugment(root, data, photos, {});
    const file = shards.path(result?.shards?.[0] ?? "");
    chmodSync(file, 0o644);
    appendFileSync(file, "x");
    const more = await runAugment(root, data, photos, { views: 2 });
    expect(more.result?.figures).toMatchObject({ warped: 120, copied: 0 });
    expect(digestsOf(more)).toEqual(digestsOf(await runAugment(fresh, data, photos, { views: 2 })));
  });

  it("gives photos that are never trained on the clean view alone", async () => {
    const [data = "", root = ""] = folders(2);
    const photos = await photoSet(data, 3, 4);
    const { result, shards } = await runAugment(root, data, photos, { views: 2 });
    const opened = await Promise.all((result?.shards ?? []).map((key) => openShard(shards.path(key))));
    expect(opened.map(({ photos: { length }, views }) => [length, views])).toEqual([
      [3, [0, 1, 2]],
      [4, [0]],
    ]);
    for (const shard of opened) await shard.close();
  });

  it("passes on what a worker found, with its code", async () => {
    const [data = "", root = ""] = folders(2);
    const photos = await photoSet(data, 3);
    appendFileSync(path.join(data, "1.png"), "x");
    const running = runAugment(root, data, photos, {});
    await expect(running).rejects.toMatchObject({ code: "data" });
    await expect(running).rejects.toThrow('for "1.png" but got other bytes');
  });

  it("stops soon after it is interrupted and keeps what is finished", async () => {
    const [data = "", root = ""] = folders(2);
    const photos = await photoSet(data, 2000);
    const interrupt = new AbortController();
    const finished = () => {
      const folder = path.join(root, "augment/shards");
      return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
    };
    const running = runAugment(root, data, photos, { views: 30, signal: interrupt.signal });
    const watch = setInterval(() => {
      if (finished().length > 0) interrupt.abort();
    }, 5);
    await expect(running).rejects.toMatchObject({ code: "interrupted" });
    clearInterval(watch);
    const kept = finished().length;
    expect(kept).toBeGreaterThan(0);
    const { result } = await runAugment(root, data, photos, { views: 30 });
    expect(result?.figures).toMatchObject({ copied: 0 });
    expect(result?.shards?.length).toBeGreaterThan(kept);
    expect(result?.figures?.["warped"]).toBeLessThan(2000 * 31);
  });
});
