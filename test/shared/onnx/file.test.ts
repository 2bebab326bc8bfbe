import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PipelineError } from "../../../shared/errors.ts";
import { parseModel, serializeModel } from "../../../shared/onnx/file.ts";
import type { Graph } from "../../../shared/onnx/graph.ts";
import { encodeModel, type Draft } from "../../../shared/onnx/schema.ts";

const everything: Graph = {
  opset: 17,
  inputs: [
    { name: "x", type: "float32", dims: ["n", 3, "", 4] },
    { name: "rate", type: "float64", dims: [] },
  ],
  outputs: [
    { name: "y", type: "int64", dims: ["n", 2] },
    { name: "of any shape", type: "bool", dims: [] },
  ],
  nodes: [
    {
      op: "Everything",
      name: "all/kinds",
      inputs: ["x", "", "bytes"],
      outputs: ["y", ""],
      attributes: {
        int: -7,
        furthest: 2 ** 63,
        least: -(2 ** 63),
        text: "größer",
        float: { float: 0.5 },
        whole: { float: 1 },
        floats: { floats: [0.25, 3, -(2 ** 100)] },
        ints: [1, 0, -1],
        none: [],
        texts: ["a", "", "ß"],
        tensor: { type: "float32", dims: [2, 1], data: Float32Array.of(1.5, Number.NaN) },
      },
    },
  ],
  initializers: new Map([
    ["bytes", { type: "uint8", dims: [3], data: Uint8Array.of(0, 128, 255) }],
    ["odd", { type: "int8", dims: [1, 3], data: Int8Array.of(-128, 0, 127) }],
    ["doubles", { type: "float64", dims: [2], data: Float64Array.of(Math.PI, -0) }],
    ["words", { type: "int32", dims: [2], data: Int32Array.of(-(2 ** 31), 2 ** 31 - 1) }],
    ["longs", { type: "int64", dims: [2], data: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n) }],
    ["flags", { type: "bool", dims: [2], data: Uint8Array.of(1, 0) }],
    ["scalar", { type: "float32", dims: [], data: Float32Array.of(6) }],
    ["empty", { type: "int64", dims: [0], data: new BigInt64Array(0) }],
  ]),
  metadata: { labels: '["a","b"]', note: "" },
};

/** A file of one weight `w` and one node, where a test may put what we do not write ourselves. */
function fileWith(
  parts: { tensor?: Draft<"TensorProto">; node?: Draft<"NodeProto">; model?: Draft<"ModelProto"> } = {},
): Uint8Array {
  return encodeModel({
    opset_import: [{ version: 17 }],
    graph: {
      node: [{ op_type: "Identity", name: "same", input: ["w"], output: ["y"], ...parts.node }],
      initializer: [{ name: "w", dims: [2], data_type: 1, float_data: [1, 2], ...parts.tensor }],
    },
    ...parts.model,
  });
}

describe("a graph written as an ONNX file", () => {
  it("is the same graph when it is read back", () => {
    expect(parseModel(serializeModel(everything))).toEqual(everything);
  });

  it("has the same bytes every time, also after reading and writing", () => {
    const bytes = serializeModel(everything);
    expect(serializeModel(everything)).toEqual(bytes);
    expect(serializeModel(parseModel(bytes))).toEqual(bytes);
  });

  it("keeps the embedded backbone's every weight and attribute", () => {
    const graph = parseModel(readFileSync("models/efficientnet-lite0.onnx"));
    expect(graph.nodes).toHaveLength(143);
    expect(graph.initializers.get("block3/depthwise/conv/weight")?.dims).toEqual([144, 1, 5, 5]);
    const again = parseModel(serializeModel(graph));
    expect({ ...again, initializers: null }).toEqual({ ...graph, initializers: null });
    expect([...again.initializers.keys()]).toEqual([...graph.initializers.keys()]);
    for (const [name, { data }] of graph.initializers)
      expect(Buffer.compare(bytesOf(again.initializers.get(name)?.data), bytesOf(data)), name).toBe(0);
  });

  it("refuses an attribute that is neither an integer nor marked as a float", () => {
    const node = { op: "Clip", name: "clip", inputs: [], outputs: ["y"], attributes: { max: 0.5 } };
    expect(() => serializeModel({ ...everything, nodes: [node] })).toThrow(
      "a float is written { float: 0.5 }",
    );
  });
});

describe("a file that others wrote", () => {
  it.each([
    ["float_data", { data_type: 1, float_data: [1, 2.5] }, Float32Array.of(1, 2.5)],
    ["int64_data", { data_type: 7, int64_data: [-1, 2] }, BigInt64Array.of(-1n, 2n)],
    ["int32_data of uint8", { data_type: 2, int32_data: [0, 255] }, Uint8Array.of(0, 255)],
    ["int32_data of int8", { data_type: 3, int32_data: [-1, 127] }, Int8Array.of(-1, 127)],
    ["int32_data of bool", { data_type: 9, int32_data: [1, 0] }, Uint8Array.of(1, 0)],
    ["int32_data", { data_type: 6, int32_data: [-5, 5] }, Int32Array.of(-5, 5)],
    ["double_data", { data_type: 11, double_data: [0.1, 2] }, Float64Array.of(0.1, 2)],
  ])("may hold weights in %s", (_, tensor, data) => {
    expect(parseModel(fileWith({ tensor })).initializers.get("w")?.data).toEqual(data);
  });

  it("may list its weights as inputs too, which are no inputs then", () => {
    const type = { tensor_type: { elem_type: 1, shape: { dim: [] } } };
    const graph = {
      initializer: [{ name: "w", data_type: 1, float_data: [1] }],
      input: [
        { name: "x", type },
        { name: "w", type },
      ],
    };
    const read = parseModel(fileWith({ model: { graph } }));
    expect(read.inputs.map(({ name }) => name)).toEqual(["x"]);
  });

  it.each<[string, Parameters<typeof fileWith>[0], RegExp]>([
    ["half floats", { tensor: { data_type: 10 } }, /an element type of float32.* for "w" but got float16/],
    ["bfloat16", { tensor: { data_type: 16 } }, /for "w" but got bfloat16/],
    ["weights in another file", { tensor: { data_location: 1 } }, /inside the model file for "w".*external/],
    ["too few weights", { tensor: { float_data: [1] } }, /expected 2 elements \(2\) for "w" but got 1/],
    [
      "a subgraph",
      { node: { attribute: [{ name: "then", type: 5 }] } },
      /for "same.then" but got a subgraph/,
    ],
    ["operators of others", { node: { domain: "com.microsoft" } }, /"same" but got com.microsoft.Identity/],
    ["functions", { model: { functions: [new Uint8Array(0)] } }, /"model" but got functions of its own/],
    ["no operator set", { model: { opset_import: [] } }, /expected an ONNX model/],
    [
      "an integer that a number cannot hold",
      { node: { attribute: [{ name: "i", type: 2, i: { low: 1, high: 0x200000 } }] } },
      /an integer up to 2\^53 for "same.i" but got 9007199254740993/,
    ],
  ])("is refused with its place where it has %s", (_, parts, message) => {
    expect(() => parseModel(fileWith(parts))).toThrow(message);
  });

  it("is refused where it is no ONNX file at all", () => {
    expect(() => parseModel(Buffer.from("<html>not found</html>"))).toThrow(PipelineError);
    expect(() => parseModel(new Uint8Array(0))).toThrow("expected an ONNX model");
  });
});

function bytesOf(data: ArrayBufferView | undefined): Uint8Array {
  return data === undefined
    ? new Uint8Array(0)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
