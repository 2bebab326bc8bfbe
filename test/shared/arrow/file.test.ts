import { createHash } from "node:crypto";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { Field, Int32, RecordBatchReader, Schema, tableFromIPC, Utf8, type Vector } from "apache-arrow";
import { describe, expect, it } from "vitest";
import {
  float32Column,
  int32Column,
  int64Column,
  recordBatch,
  utf8Column,
  words,
} from "../../../shared/arrow/columns.ts";
import { createArrowFile, openArrowFile } from "../../../shared/arrow/file.ts";
import { PipelineError } from "../../../shared/errors.ts";
import { persistentFiles } from "../../folder.ts";

const path = persistentFiles();
const values = (column: Vector | null): unknown[] => [...(column ?? [])];

const labels = words(0, ["chihuahua", "ßpitz", "犬"]);
const schema = new Schema(
  [
    new Field("id", new Utf8()),
    labels.field("label"),
    labels.field("prediction"),
    new Field("width", new Int32()),
  ],
  new Map([["backbone", "efficientnet-lite0"]]),
);
const batchOf = (ids: string[], label: number[], prediction: number[]) =>
  recordBatch(schema, [
    utf8Column(ids),
    labels.column(Int32Array.from(label)),
    labels.column(Int32Array.from(prediction)),
    int32Column(Int32Array.from(ids, (id) => id.length)),
  ]);

function writeTwoBatches(name: string) {
  const file = createArrowFile(path(name), schema);
  file.append(batchOf(["a", "ü🐕", ""], [0, -1, 2], [0, 1, 2]));
  file.append(batchOf(["d"], [-1], [1]));
  return file.finish();
}

describe("an Arrow file", () => {
  it("gives back every batch, with nulls, dictionaries and metadata", async () => {
    writeTwoBatches("round.arrow");
    const reader = await openArrowFile(path("round.arrow"));
    const [second, first] = await Promise.all([reader.batch(1), reader.batch(0)]);
    await reader.close();
    expect(reader.batches).toBe(2);
    expect(reader.schema.metadata.get("backbone")).toBe("efficientnet-lite0");
    expect(values(first.getChild("id"))).toEqual(["a", "ü🐕", ""]);
    expect(values(first.getChild("label"))).toEqual(["chihuahua", null, "犬"]);
    expect(values(first.getChild("width"))).toEqual([1, 3, 0]);
    expect(values(second.getChild("label"))).toEqual([null]);
    expect(values(second.getChild("prediction"))).toEqual(["ßpitz"]);
  });

  it("has the digest and the length of what lies on the disk", () => {
    const digest = writeTwoBatches("digest.arrow");
    const bytes = readFileSync(path("digest.arrow"));
    expect(digest).toEqual({
      bytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
    });
  });

  it("has the same bytes whenever it is written", () => {
    const first = writeTwoBatches("once.arrow");
    words(0, ["other"]).field("words made in between");
    expect(writeTwoBatches("twice.arrow")).toEqual(first);
  });

  it("is a stream after its first eight bytes", () => {
    writeTwoBatches("stream.arrow");
    const stream = RecordBatchReader.from(readFileSync(path("stream.arrow")).subarray(8));
    expect([...stream].map((batch) => batch.numRows)).toEqual([3, 1]);
  });

  it("may have no batch, and a dictionary without words", async () => {
    const none = words(0, []);
    const empty = new Schema([none.field("label")]);
    createArrowFile(path("empty.arrow"), empty).finish();
    const file = createArrowFile(path("unlabelled.arrow"), empty);
    file.append(recordBatch(empty, [none.column(Int32Array.of(-1, -1))]));
    file.finish();
    const reader = await openArrowFile(path("empty.arrow"));
    await reader.close();
    expect(reader.batches).toBe(0);
    expect(values(tableFromIPC(readFileSync(path("unlabelled.arrow"))).getChild("label"))).toEqual([
      null,
      null,
    ]);
  });

  it("refuses a batch of another schema instead of dropping it", async () => {
    const file = createArrowFile(path("other.arrow"), schema);
    const other = new Schema([new Field("id", new Int32())]);
    expect(() => {
      file.append(recordBatch(other, [int32Column(Int32Array.of(1))]));
    }).toThrow(/expected Schema<.*for ".*other.arrow" but got Schema<{ 0: id: Int32 }>/s);
    file.append(batchOf(["a"], [0], [0]));
    file.finish();
    const reader = await openArrowFile(path("other.arrow"));
    await reader.close();
    expect(reader.batches).toBe(1);
  });

  it("refuses a second dictionary under the same number", () => {
    const file = createArrowFile(path("replaced.arrow"), schema);
    file.append(batchOf(["a"], [0], [0]));
    const others = words(0, ["x", "y", "z"]).column(Int32Array.of(0));
    const width = int32Column(Int32Array.of(1));
    expect(() => {
      file.append(recordBatch(schema, [utf8Column(["b"]), others, others, width]));
    }).toThrow("replacement dictionaries");
    file.abandon();
  });

  it("that is abandoned can be abandoned again, and is no Arrow file", async () => {
    const file = createArrowFile(path("abandoned.arrow"), schema);
    file.append(batchOf(["a"], [0], [0]));
    file.abandon();
    file.abandon();
    await expect(openArrowFile(path("abandoned.arrow"))).rejects.toThrow(PipelineError);
  });

  it.each([
    [
      "truncated",
      () => {
        writeTwoBatches("bad.arrow");
        truncateSync(path("bad.arrow"), 900);
      },
    ],
    [
      "empty",
      () => {
        writeFileSync(path("bad.arrow"), "");
      },
    ],
    [
      "another file",
      () => {
        writeFileSync(path("bad.arrow"), "id,label\n".repeat(100));
      },
    ],
  ])("is refused with its name where it is %s", async (_, damage) => {
    damage();
    await expect(openArrowFile(path("bad.arrow"))).rejects.toThrow(
      /expected an Arrow IPC file for ".*bad.arrow"/,
    );
  });

  it("says which batches there are where another is asked for, and goes on", async () => {
    writeTwoBatches("range.arrow");
    const reader = await openArrowFile(path("range.arrow"));
    const wrong = reader.batch(2);
    const right = reader.batch(1);
    await expect(wrong).rejects.toThrow("expected a batch below 2");
    expect((await right).numRows).toBe(1);
    await reader.close();
  });
});

describe("a record batch", () => {
  it("refuses columns of different lengths", () => {
    const two = new Schema([new Field("a", new Int32()), new Field("b", new Int32())]);
    const columns = [int32Column(Int32Array.of(1, 2)), int32Column(Int32Array.of(1))];
    expect(() => recordBatch(two, columns)).toThrow("got 2 of Int32, 1 of Int32");
  });

  it("refuses columns of another type or number", () => {
    const one = new Schema([new Field("a", new Int32())]);
    expect(() => recordBatch(one, [float32Column(Float32Array.of(1))])).toThrow("1 of Float32");
    expect(() => recordBatch(one, [])).toThrow(TypeError);
  });

  it("keeps int64 and float32 exactly", () => {
    expect([...int64Column(BigInt64Array.of(-(2n ** 63n), 2n ** 53n + 1n)).values]).toEqual([
      -(2n ** 63n),
      2n ** 53n + 1n,
    ]);
    expect([...float32Column(Float32Array.of(0.1)).values]).toEqual([Math.fround(0.1)]);
  });
});

describe("words", () => {
  it("refuse a number that names none of them", () => {
    expect(() => labels.column(Int32Array.of(3))).toThrow(
      "expected a word's number below 3, or -1, but got 3",
    );
    expect(() => labels.column(Int32Array.of(-2))).toThrow(RangeError);
  });
});
