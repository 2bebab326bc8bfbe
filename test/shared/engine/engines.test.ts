import { describe, expect, it } from "vitest";
import { engineNamed } from "../../../shared/engine/engines.ts";
import { serializeModel } from "../../../shared/onnx/file.ts";
import type { Graph } from "../../../shared/onnx/graph.ts";

const doubled: Graph = {
  opset: 17,
  inputs: [{ name: "x", type: "float32", dims: ["n", 2] }],
  outputs: [
    { name: "y", type: "float32", dims: ["n", 2] },
    { name: "positive", type: "bool", dims: [] },
    { name: "shape", type: "int64", dims: [] },
  ],
  nodes: [
    { op: "Add", name: "add", inputs: ["x", "x"], outputs: ["y"], attributes: {} },
    { op: "Greater", name: "greater", inputs: ["x", "zero"], outputs: ["positive"], attributes: {} },
    { op: "Shape", name: "shape", inputs: ["x"], outputs: ["shape"], attributes: {} },
  ],
  initializers: new Map([["zero", { type: "float32", dims: [], data: Float32Array.of(0) }]]),
  metadata: {},
};

describe("the engine cpu", () => {
  it("runs a graph and gives the outputs that are asked for, whatever their type", async () => {
    const engine = await engineNamed("cpu");
    const session = await engine.load(serializeModel(doubled), { threads: 1 });
    const x = { type: "float32", dims: [3, 2], data: Float32Array.of(1, -2, 3, 0, 5, -6) } as const;
    expect(await session.run({ x }, ["y", "positive", "shape"])).toEqual({
      y: { type: "float32", dims: [3, 2], data: Float32Array.of(2, -4, 6, 0, 10, -12) },
      positive: { type: "bool", dims: [3, 2], data: Uint8Array.of(1, 0, 1, 0, 1, 0) },
      shape: { type: "int64", dims: [2], data: BigInt64Array.of(3n, 2n) },
    });
    expect(Object.keys(await session.run({ x }, ["y"]))).toEqual(["y"]);
    await session.close();
  });

  it("says which library computes, because keys depend on it", async () => {
    const { library } = await engineNamed("cpu");
    expect(library.name).toBe("onnxruntime-node");
    expect(library.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it("gives onnxruntime's own words where it refuses a graph", async () => {
    const engine = await engineNamed("cpu");
    const nodes = [{ op: "Unheard", name: "n", inputs: ["x"], outputs: ["y"], attributes: {} }];
    const model = serializeModel({ ...doubled, nodes, outputs: doubled.outputs.slice(0, 1) });
    await expect(engine.load(model, { threads: 1 })).rejects.toThrow(/^engine: expected a graph.*Unheard/s);
  });
});

it("names the engines that there are where one is unknown", async () => {
  await expect(engineNamed("gpu")).rejects.toThrow(
    /expected one of cpu, webgpu, cuda.* for "--engine" but got gpu/,
  );
});
