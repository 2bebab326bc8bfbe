import { rmSync } from "node:fs";
import { Field, Int32, Schema, Utf8 } from "apache-arrow";
import { describe, expect, it } from "vitest";
import { int32Column, recordBatch, utf8Column, words } from "../../shared/arrow/columns.ts";
import { createArrowFile, openArrowFile } from "../../shared/arrow/file.ts";
import { createNpy, readNpyRows } from "../../shared/arrow/npy.ts";
import { openShard, writeShard } from "../../shared/arrow/shard.ts";
import { tensorColumn, tensorField } from "../../shared/arrow/tensor.ts";
import { hasPython, python } from "./python.ts";
import { persistentFiles } from "../folder.ts";

/** The files as pyarrow, polars, DuckDB and NumPy read them. `PYTHON` is an interpreter that has them. */
const path = persistentFiles();

const readers = hasPython("duckdb", "numpy", "polars", "pyarrow");

/** What `program` prints as JSON; its `path` is the file's. */
function printed(program: string, name: string): unknown {
  return JSON.parse(
    python(
      "-c",
      `import json, sys
path = sys.argv[1]
${program}`,
      path(name),
    ),
  );
}

/** Two batches of features.arrow's kind, label null in the second row of each. */
function writeFeatures(name: string) {
  const classes = words(0, ["chihuahua", "犬"]);
  const splits = words(1, ["train", "validation"]);
  const features = tensorField("features", [3], "float32");
  const schema = new Schema(
    [
      new Field("id", new Utf8()),
      classes.field("label"),
      splits.field("split"),
      features,
      classes.field("prediction"),
      new Field("width", new Int32()),
    ],
    new Map([["labels", '["chihuahua","犬"]']]),
  );
  const file = createArrowFile(path(name), schema);
  for (const [i, ids] of [
    ["a", "ü"],
    ["", "d"],
  ].entries())
    file.append(
      recordBatch(schema, [
        utf8Column(ids),
        classes.column(Int32Array.of(i, -1)),
        splits.column(Int32Array.of(0, i)),
        tensorColumn(features, Float32Array.of(i, 0.5, -1, 2, 3, i), 2),
        classes.column(Int32Array.of(1, i)),
        int32Column(Int32Array.of(7, i)),
      ]),
    );
  file.finish();
}

const rows = [
  { id: "a", label: "chihuahua", split: "train", features: [0, 0.5, -1], prediction: "犬", width: 7 },
  { id: "ü", label: null, split: "train", features: [2, 3, 0], prediction: "chihuahua", width: 0 },
  { id: "", label: "犬", split: "train", features: [1, 0.5, -1], prediction: "犬", width: 7 },
  { id: "d", label: null, split: "validation", features: [2, 3, 1], prediction: "犬", width: 1 },
];

describe.skipIf(!readers)("pyarrow", () => {
  it("reads batches, nulls, dictionaries, metadata, and the tensors as an extension type", () => {
    writeFeatures("features.arrow");
    const program = `
import pyarrow as pa
reader = pa.ipc.open_file(path)
table = reader.read_all()
table.validate(full=True)
tensors = table["features"].combine_chunks()
print(json.dumps(dict(
    batches=reader.num_record_batches,
    types=[str(field.type) for field in table.schema],
    nullable=[field.nullable for field in table.schema],
    tensor=tensors.to_numpy_ndarray().tolist(),
    labels=table.schema.metadata[b"labels"].decode(),
    nulls=table["label"].null_count,
    rows=table.set_column(3, "features", tensors.storage).to_pylist())))`;
    const dictionary = "dictionary<values=string, indices=int32, ordered=0>";
    expect(printed(program, "features.arrow")).toEqual({
      batches: 2,
      types: [
        "string",
        dictionary,
        dictionary,
        "extension<arrow.fixed_shape_tensor[value_type=float, shape=[3]]>",
        dictionary,
        "int32",
      ],
      nullable: [false, true, true, false, true, false],
      tensor: rows.map((row) => row.features),
      labels: '["chihuahua","犬"]',
      nulls: 2,
      rows,
    });
  });

  it("reads the file as a stream after its first eight bytes", () => {
    writeFeatures("stream.arrow");
    const program = `
import pyarrow as pa
file = open(path, "rb")
file.seek(8)
print(json.dumps(pa.ipc.open_stream(file).read_all()["id"].to_pylist()))`;
    expect(printed(program, "stream.arrow")).toEqual(rows.map((row) => row.id));
  });

  it("reads a shard's pixels in their shape", async () => {
    const layout = {
      photos: ["0".repeat(64), "f".repeat(64)],
      views: [0, 2],
      column: "pixels",
      type: "uint8",
      shape: [2, 1, 3],
    } as const;
    const pixels = Uint8Array.from({ length: 24 }, (_, i) => i + 200);
    await writeShard(path("shard"), layout, (i) => pixels.subarray(12 * i, 12 * i + 12));
    const program = `
import pyarrow as pa
table = pa.ipc.open_file(path).read_all()
tensors = table["pixels"].combine_chunks().to_numpy_ndarray()
print(json.dumps([tensors.shape, str(tensors.dtype), tensors.ravel().tolist(), table["view"].to_pylist(), table["sha256"].to_pylist()]))`;
    expect(printed(program, "shard")).toEqual([
      [4, 2, 1, 3],
      "uint8",
      [...pixels],
      [0, 0, 2, 2],
      [...layout.photos, ...layout.photos],
    ]);
  });
});

describe.skipIf(!readers)("polars", () => {
  it("reads a column that is null everywhere and has no words", () => {
    const none = words(0, []);
    const schema = new Schema([none.field("label")]);
    const file = createArrowFile(path("unlabelled.arrow"), schema);
    file.append(recordBatch(schema, [none.column(Int32Array.of(-1, -1))]));
    file.finish();
    const program = `
import polars, pyarrow as pa
pa.ipc.open_file(path).read_all().validate(full=True)
print(json.dumps(polars.read_ipc(path)["label"].to_list()))`;
    expect(printed(program, "unlabelled.arrow")).toEqual([null, null]);
  });

  it("reads the rows, the tensors as arrays", () => {
    writeFeatures("polars.arrow");
    const program = `
import polars
frame = polars.read_ipc(path)
print(json.dumps([str(frame.schema["label"]).split("(")[0], frame["features"].to_numpy().shape, frame.to_dicts()]))`;
    expect(printed(program, "polars.arrow")).toEqual(["Categorical", [4, 3], rows]);
  });
});

describe.skipIf(!readers)("DuckDB", () => {
  it("reads the rows through pyarrow, the tensors as FLOAT[n]", () => {
    writeFeatures("duckdb.arrow");
    const program = `
import duckdb, pyarrow as pa
photos = pa.ipc.open_file(path).read_all()
query = "select id, label, prediction, typeof(features), list_value(features[1], features[2], features[3]) from photos order by id"
print(json.dumps(duckdb.sql(query).fetchall()))`;
    const expected = rows.map((row) => [row.id, row.label, row.prediction, "FLOAT[3]", row.features]);
    expect(printed(program, "duckdb.arrow")).toEqual(
      expected.sort(([a], [b]) => Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)))),
    );
  });
});

describe.skipIf(!readers)("NumPy", () => {
  it.each([
    ["float32", [2, 2], Float32Array.of(0.1, -1, 3, 1e30)],
    ["int32", [4], Int32Array.of(1, -2, 3, 4)],
    ["int64", [1, 1, 1], BigInt64Array.of(-(2n ** 40n))],
    ["float32", [0, 1280], new Float32Array()],
  ] as const)("reads %s of shape %j, mapped", async (type, shape, numbers) => {
    const npy = createNpy<"float32" | "int32" | "int64">(path("array.npy"), type, shape);
    npy.writeRows(0, numbers);
    await npy.finish();
    const program = `
import numpy
array = numpy.load(path) if 0 in ${JSON.stringify(shape)} else numpy.load(path, mmap_mode="r")
print(json.dumps([str(array.dtype), array.shape, array.ravel().tolist()]))`;
    expect(printed(program, "array.npy")).toEqual([
      type,
      shape,
      Array.from<number | bigint>(numbers).map(Number),
    ]);
  });

  it("is read where it wrote, one-dimensional and not", async () => {
    const program = `
import numpy
numpy.save(path, numpy.arange(12, dtype="float32").reshape(4, 3))
print(json.dumps(None))`;
    printed(program, "theirs.npy");
    const { rows: read, shape } = await readNpyRows(path("theirs.npy"), 1, 2);
    expect([shape, [...read]]).toEqual([
      [4, 3],
      [3, 4, 5, 6, 7, 8],
    ]);
  });
});

describe.skipIf(!readers)("past 2 GiB", () => {
  it("an Arrow file is read by pyarrow and by ourselves, each batch where it belongs", async () => {
    const layout = {
      photos: Array.from({ length: 64 }, (_, i) => String(i)),
      views: Array.from({ length: 36 }, (_, i) => i),
      column: "activations",
      type: "float32",
      shape: [1 << 18],
    } as const;
    const array = new Float32Array(64 << 18);
    const { bytes } = await writeShard(path("big"), layout, (i) => array.fill(i));
    const shard = await openShard(path("big"));
    const last = await shard.view(35);
    await shard.close();
    const program = `
import pyarrow as pa
reader = pa.ipc.open_file(pa.memory_map(path))
batch = reader.get_batch(35)
values = batch.column("activations").to_numpy_ndarray()
print(json.dumps([reader.num_record_batches, float(values.min()), float(values.max()), values.shape[0]]))`;
    const read = printed(program, "big");
    rmSync(path("big"));
    expect(bytes).toBeGreaterThan(2 ** 31);
    expect([last.length, last[0], last.at(-1)]).toEqual([array.length, 35, 35]);
    expect(read).toEqual([36, 35, 35, 64]);
  });

  it("an npy file holds rows, and NumPy finds them", async () => {
    const npy = createNpy(path("big.npy"), "float32", [600_000, 1024]);
    npy.writeRows(599_999, new Float32Array(1024).fill(5));
    const { bytes } = await npy.finish();
    const own = await readNpyRows(path("big.npy"), 599_998, 2);
    const program = `
import numpy
array = numpy.load(path, mmap_mode="r")
print(json.dumps([array[-1].tolist(), float(array[-2].max())]))`;
    expect(bytes).toBeGreaterThan(2 ** 31);
    expect([own.rows[1023], own.rows[1024]]).toEqual([0, 5]);
    expect(printed(program, "big.npy")).toEqual([new Array(1024).fill(5), 0]);
  });
});

it("a batch that apache-arrow could not read back is refused", async () => {
  const field = tensorField("features", [1 << 20], "uint8");
  const schema = new Schema([field]);
  const file = createArrowFile(path("huge"), schema);
  const rows = new Uint8Array(2 ** 31);
  expect(() => {
    file.append(recordBatch(schema, [tensorColumn(field, rows, 2048)]));
  }).toThrow("expected a batch under 2 GiB");
  file.finish();
  const reader = await openArrowFile(path("huge"));
  await reader.close();
  expect(reader.batches).toBe(0);
});
