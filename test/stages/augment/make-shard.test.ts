import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { newScratch, openShard } from "../../../shared/arrow/shard.ts";
import { newArena } from "../../../shared/image/arena.ts";
import { decodeRgb } from "../../../shared/image/decode.ts";
import { levelsOf } from "../../../shared/image/levels.ts";
import { viewOf } from "../../../shared/image/view.ts";
import { warp } from "../../../shared/image/warp.ts";
import { config } from "../../../stages/augment/config.ts";
import { makeShard, type ShardTask } from "../../../stages/augment/make-shard.ts";
import { viewConfig } from "../../../stages/augment/settings.ts";
import { temporaryFolder } from "../../folder.ts";
import { photoSet, sha256Of } from "./photo-set.ts";

const view = viewConfig(config.parse({ inputSize: 8 }));
const rowBytes = 8 * 8 * 3;

async function taskOf(folder: string, views: readonly number[]): Promise<ShardTask> {
  const { all, paths } = await photoSet(folder, 5);
  return {
    photos: all,
    views,
    paths: all.map((photo) => paths[photo] ?? ""),
    folder,
    rows: {
      copies: [],
      missing: views.flatMap((_, position) => all.map((_, row) => ({ view: position, row }))),
    },
    shards: folder,
    seed: 3,
    config: view,
    background: "white",
    file: path.join(folder, "shard.arrow"),
  };
}

const made = async (task: ShardTask) => {
  let warped = 0;
  const memory = new Uint8Array(task.photos.length * task.views.length * rowBytes).fill(9);
  const shard = await makeShard(task, memory, newArena(), newScratch(), (views) => (warped += views));
  return { ...shard, reported: warped };
};

describe("a shard that is made", () => {
  it("has a row for each photo and view, each the view that is a function of seed, photo and number", async () => {
    const task = await taskOf(temporaryFolder(), [0, 2, 5]);
    const { warped, reported, sha256, bytes } = await made(task);
    expect([warped, reported]).toEqual([15, 15]);
    const file = readFileSync(task.file);
    expect([sha256, bytes]).toEqual([sha256Of(file), file.length]);

    const shard = await openShard(task.file);
    expect(shard).toMatchObject({
      photos: task.photos,
      views: [0, 2, 5],
      column: "pixels",
      type: "uint8",
      shape: [8, 8, 3],
    });
    for (const [position, number] of task.views.entries()) {
      const rows = await shard.view(position);
      for (const [row, sha] of task.photos.entries()) {
        const photo = await decodeRgb(readFileSync(path.join(task.folder, task.paths[row] ?? "")), {
          background: "white",
          failOn: "none",
          resize: { fit: "outside", side: 20 },
        });
        const wanted = viewOf(3, sha, number, view, photo.original);
        const out = new Uint8Array(rowBytes);
        warp(levelsOf(photo, wanted.frame, newArena()), wanted, out);
        expect(rows.slice(row * rowBytes, (row + 1) * rowBytes)).toEqual(out);
      }
    }
    await shard.close();
  });
  it("decodes nothing for rows that it can copy, and makes those of a damaged shard", async () => {
    const folder = temporaryFolder();
    const task = await taskOf(folder, [0, 1]);
    const first = await made(task);
    const rows = task.rows.missing.map((to) => ({ from: to, to }));
    const copying = (sha256: string): ShardTask => ({
      ...task,
      rows: { copies: [{ shard: "shard", sha256, rows }], missing: [] },
      file: path.join(folder, "copy"),
    });
    expect(await made(copying("0".repeat(64)))).toMatchObject({ warped: 10, sha256: first.sha256 });
    for (const name of task.paths) rmSync(path.join(folder, name));
    expect(await made(copying(first.sha256))).toMatchObject({ warped: 0, sha256: first.sha256 });
  });
});

describe("a photo that is not what index saw", () => {
  it("is named where it changed", async () => {
    const task = await taskOf(temporaryFolder(), [0]);
    const name = task.paths[2] ?? "";
    const other = await sharp({ create: { width: 9, height: 9, channels: 3, background: "red" } })
      .png()
      .toBuffer();
    writeFileSync(path.join(task.folder, name), other);
    await expect(made(task)).rejects.toMatchObject({
      code: "data",
      message: `augment: expected the photo that index saw for "${name}" but got other bytes\n  run npx zx pipeline.ts index again`,
    });
  });
  it("is named where it is gone", async () => {
    const task = await taskOf(temporaryFolder(), [0]);
    const name = task.paths[0] ?? "";
    rmSync(path.join(task.folder, name));
    await expect(made(task)).rejects.toThrow(`for "${name}" but got ENOENT`);
  });
  it("is named where it cannot be decoded", async () => {
    const task = await taskOf(temporaryFolder(), [0]);
    const broken = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(100)]);
    writeFileSync(path.join(task.folder, "broken.jpg"), broken);
    const bad = {
      ...task,
      photos: [sha256Of(broken)],
      paths: ["broken.jpg"],
      rows: { copies: [], missing: [{ view: 0, row: 0 }] },
    };
    await expect(made(bad)).rejects.toMatchObject({ code: "data" });
    await expect(made(bad)).rejects.toThrow('expected a photo that can be decoded for "broken.jpg"');
  });
});
