import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadBackbone } from "../../shared/backbone/backbone.ts";
import { findBackbone } from "../../shared/backbone/backbones.ts";
import { frozenGraph } from "../../shared/backbone/frozen.ts";
import { parseModel, serializeModel } from "../../shared/onnx/file.ts";
import { hasPython, python } from "./python.ts";

const folder = mkdtempSync(join(tmpdir(), "onnx-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs Python with the package onnx, the file as its argument, and reads what it prints as JSON. */
function printed(script: string, path: string): unknown {
  return JSON.parse(python("-c", script, path));
}

const inspect = `
import hashlib, json, sys, onnx
from onnx import numpy_helper
model = onnx.load(sys.argv[1])
onnx.checker.check_model(model, full_check=True)
print(json.dumps({
    "weights": {t.name: hashlib.sha256(numpy_helper.to_array(t).tobytes()).hexdigest() for t in model.graph.initializer},
    "nodes": [
        [n.op_type, n.name, list(n.input), list(n.output), {a.name: str(onnx.helper.get_attribute_value(a)) for a in n.attribute}]
        for n in model.graph.node
    ],
    "metadata": {p.key: p.value for p in model.metadata_props},
}))`;

// Weights in typed fields, which is how onnx.helper.make_tensor writes them.
const write = `
import sys, onnx
from onnx import TensorProto as T, helper as h
weights = [
    h.make_tensor("float32", T.FLOAT, [2, 2], [1, -0.5, 3e38, 1e-40]),
    h.make_tensor("float64", T.DOUBLE, [1], [0.1]),
    h.make_tensor("uint8", T.UINT8, [2], [0, 255]),
    h.make_tensor("int8", T.INT8, [2], [-128, 127]),
    h.make_tensor("int32", T.INT32, [2], [-(2**31), 2**31 - 1]),
    h.make_tensor("int64", T.INT64, [3], [-(2**63), -1, 2**63 - 1]),
    h.make_tensor("bool", T.BOOL, [2], [True, False]),
]
node = h.make_node("Any", ["float32"], ["y"], "node", axis=-1, alpha=0.1, mode="linear", pads=[1, -1], scales=[0.5, 1.0],
                   names=["a", "b"], value=h.make_tensor("v", T.INT64, [1], [9]))
graph = h.make_graph([node], "g", [], [h.make_tensor_value_info("y", T.FLOAT, ["n", 2])], weights)
onnx.save(h.make_model(graph, opset_imports=[h.make_opsetid("", 21)]), sys.argv[1])
print("null")`;

describe.skipIf(!hasPython("numpy", "onnx"))("the package onnx", () => {
  it("finds the embedded backbone unchanged after we have read and written it", () => {
    const path = join(folder, "again.onnx");
    writeFileSync(path, serializeModel(parseModel(readFileSync("models/efficientnet-lite0.onnx"))));
    expect(printed(inspect, path)).toEqual(printed(inspect, "models/efficientnet-lite0.onnx"));
  });

  it("finds nothing wrong with a frozen graph", async () => {
    const backbone = await loadBackbone(await findBackbone("efficientnet-lite0"));
    const path = join(folder, "frozen.onnx");
    writeFileSync(path, serializeModel(frozenGraph(backbone, "pooled")));
    expect(printed(inspect, path)).toHaveProperty("weights.stem/conv/weight");
  });

  it("writes weights and attributes of every type that we read as they are", () => {
    const path = join(folder, "typed.onnx");
    printed(write, path);
    const graph = parseModel(readFileSync(path));
    expect(graph.opset).toBe(21);
    expect(
      Object.fromEntries([...graph.initializers].map(([name, { type, data }]) => [name, [type, data]])),
    ).toEqual({
      float32: ["float32", Float32Array.of(1, -0.5, 3e38, 1e-40)],
      float64: ["float64", Float64Array.of(0.1)],
      uint8: ["uint8", Uint8Array.of(0, 255)],
      int8: ["int8", Int8Array.of(-128, 127)],
      int32: ["int32", Int32Array.of(-(2 ** 31), 2 ** 31 - 1)],
      int64: ["int64", BigInt64Array.of(-(2n ** 63n), -1n, 2n ** 63n - 1n)],
      bool: ["bool", Uint8Array.of(1, 0)],
    });
    expect(graph.nodes[0]?.attributes).toEqual({
      axis: -1,
      alpha: { float: Math.fround(0.1) },
      mode: "linear",
      pads: [1, -1],
      scales: { floats: [0.5, 1] },
      names: ["a", "b"],
      value: { type: "int64", dims: [1], data: BigInt64Array.of(9n) },
    });
  });
});
