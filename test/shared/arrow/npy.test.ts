import { createHash } from "node:crypto";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createNpy, readNpyRows, type NpyType } from "../../../shared/arrow/npy.ts";
import { persistentFiles } from "../../folder.ts";

const path = persistentFiles();

function digestOnDisk(name: string) {
  const bytes = readFileSync(path(name));
  return { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

describe("an npy file", () => {
  it("gives back rows written in order, and from anywhere", async () => {
    const npy = createNpy(path("order"), "float32", [3, 2]);
    npy.writeRows(0, Float32Array.of(1, 2));
    npy.writeRows(1, Float32Array.of(3, 4, 5, 6));
    expect(await npy.finish()).toEqual(digestOnDisk("order"));
    expect(await readNpyRows(path("order"), 1, 2)).toEqual({
      type: "float32",
      shape: [3, 2],
      rows: Float32Array.of(3, 4, 5, 6),
    });
  });

  it("has the same bytes whatever the order its rows came in, or came twice", async () => {
    const expected = digestOnDisk("order");
    const backwards = createNpy(path("backwards"), "float32", [3, 2]);
    backwards.writeRows(1, Float32Array.of(3, 4, 5, 6));
    backwards.writeRows(0, Float32Array.of(1, 2));
    expect(await backwards.finish()).toEqual(expected);
    const twice = createNpy(path("twice"), "float32", [3, 2]);
    twice.writeRows(0, Float32Array.of(9, 9, 9, 9, 5, 6));
    twice.writeRows(0, Float32Array.of(1, 2, 3, 4));
    expect(await twice.finish()).toEqual(expected);
  });

  it.each<[NpyType, number[], Float32Array | Int32Array | BigInt64Array]>([
    ["int64", [2], BigInt64Array.of(-1n, 2n ** 40n)],
    ["int32", [2, 1, 1], Int32Array.of(-1, 5)],
    ["float32", [0, 4], new Float32Array(0)],
  ])("holds %s of shape %j", async (type, shape, rows) => {
    const npy = createNpy<NpyType>(path("typed"), type, shape);
    npy.writeRows(0, rows);
    await npy.finish();
    expect(await readNpyRows(path("typed"), 0, shape[0] as number)).toEqual({ type, shape, rows });
  });

  it("has its data at a multiple of 64 bytes, and zeros where nothing was written", async () => {
    const npy = createNpy(path("padded"), "int32", [100_000, 7]);
    npy.writeRows(99_999, new Int32Array(7).fill(1));
    const { bytes } = await npy.finish();
    expect((bytes - 4 * 700_000) % 64).toBe(0);
    expect((await readNpyRows(path("padded"), 99_998, 1)).rows).toEqual(new Int32Array(7));
  });

  it("refuses part of a row, and rows outside of the array", async () => {
    const npy = createNpy(path("refuses"), "float32", [3, 2]);
    const expected = /expected rows of 2 numbers within 3/;
    expect(() => {
      npy.writeRows(0, new Float32Array(3));
    }).toThrow(expected);
    expect(() => {
      npy.writeRows(2, new Float32Array(4));
    }).toThrow(expected);
    expect(() => {
      npy.writeRows(-1, new Float32Array(2));
    }).toThrow(expected);
    npy.abandon();
    await expect(readNpyRows(path("refuses"), 2, 2)).rejects.toThrow("expected rows within 3");
  });

  it("that is cut off or another file is refused with its name", async () => {
    truncateSync(path("refuses"), 150);
    await expect(readNpyRows(path("refuses"), 2, 1)).rejects.toThrow(
      /expected 152 bytes for ".*refuses" but got 150/,
    );
    writeFileSync(path("text"), "id,label\n".repeat(20));
    await expect(readNpyRows(path("text"), 0, 1)).rejects.toThrow(
      /expected an array of float32.*for ".*text"/,
    );
  });
});
