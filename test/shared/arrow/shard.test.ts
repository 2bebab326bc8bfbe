import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Field, Float32, Schema } from "apache-arrow";
import { describe, expect, it } from "vitest";
import { createArrowFile } from "../../../shared/arrow/file.ts";
import { openShard, verifyFile, writeShard, type ShardLayout } from "../../../shared/arrow/shard.ts";
import { tensorColumn, tensorField } from "../../../shared/arrow/tensor.ts";
import { persistentFiles } from "../../folder.ts";

const path = persistentFiles();
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** An odd number of odd rows, so that padding would show. */
const pixels: ShardLayout = {
  photos: [sha256("a"), sha256("b"), sha256("c")],
  views: [0, 3],
  column: "pixels",
  type: "uint8",
  shape: [1, 5, 3],
};
const rows = [0, 1].map((i) => Uint8Array.from({ length: 45 }, (_, at) => 100 * i + at));
const rowsOfView = (i: number) => rows[i] as Uint8Array;

describe("a shard", () => {
  it("gives back the rows of each view, in any order", async () => {
    const digest = await writeShard(path("pixels"), pixels, rowsOfView);
    const shard = await openShard(path("pixels"));
    const [second, first] = await Promise.all([shard.view(1), shard.view(0)]);
    await shard.close();
    expect(shard).toMatchObject(pixels);
    expect([first, second]).toEqual(rows);
    expect(digest.bytes).toBe(readFileSync(path("pixels")).length);
  });

  it("holds float32 activations bit for bit", async () => {
    const layout: ShardLayout = { ...pixels, views: [7], column: "activations", type: "float32", shape: [2] };
    const activations = Float32Array.of(0.1, -0, NaN, Infinity, 1e-40, 3);
    await writeShard(path("activations"), layout, () => Promise.resolve(activations));
    const shard = await openShard(path("activations"));
    const read = await shard.view(0);
    await shard.close();
    expect(shard).toMatchObject(layout);
    expect(read).toEqual(activations);
  });

  it("takes rows from an array that is used again for the next view", async () => {
    const array = new Uint8Array(45);
    const digest = await writeShard(path("reused"), pixels, (i) => {
      array.set(rowsOfView(i));
      return array;
    });
    expect(digest).toEqual(await writeShard(path("fresh"), pixels, rowsOfView));
  });

  it("leaves no file behind where a view fails", async () => {
    const failing = writeShard(path("failed"), pixels, (i) => {
      if (i === 1) throw new Error("photo gone");
      return rowsOfView(i);
    });
    await expect(failing).rejects.toThrow("photo gone");
    expect(existsSync(path("failed"))).toBe(false);
  });

  it("refuses rows that are too few or of another type", async () => {
    await expect(writeShard(path("few"), pixels, () => new Uint8Array(44))).rejects.toThrow(
      'expected 3 rows of 15 numbers for "pixels" but got 44 numbers',
    );
    await expect(writeShard(path("floats"), pixels, () => new Float32Array(45))).rejects.toThrow(
      "but got Float32Array",
    );
  });

  it("is told from another Arrow file", async () => {
    createArrowFile(path("other"), new Schema([new Field("a", new Float32())])).finish();
    await expect(openShard(path("other"))).rejects.toThrow("expected photos, views and a tensor");
  });
});

describe("verifyFile", () => {
  it("is true for the file as it was written, false once a byte differs or it is gone", async () => {
    const { sha256: digest } = await writeShard(path("verified"), pixels, rowsOfView);
    expect(await verifyFile(path("verified"), digest)).toBe(true);
    const bytes = readFileSync(path("verified"));
    bytes[700] = (bytes[700] as number) ^ 1;
    writeFileSync(path("verified"), bytes);
    expect(await verifyFile(path("verified"), digest)).toBe(false);
    expect(await verifyFile(path("gone"), digest)).toBe(false);
  });

  it("hashes files of several chunks", async () => {
    const bytes = Buffer.alloc((8 << 20) * 2 + 5, "photo");
    writeFileSync(path("long"), bytes);
    expect(await verifyFile(path("long"), createHash("sha256").update(bytes).digest("hex"))).toBe(true);
  });
});

describe("a tensor column", () => {
  it("is a view of the array it was given", () => {
    const array = new Float32Array(6);
    const column = tensorColumn(tensorField("features", [3], "float32"), array, 2);
    array[5] = 1;
    expect([...(column.children[0]?.values as Float32Array)]).toEqual([0, 0, 0, 0, 0, 1]);
  });
});
