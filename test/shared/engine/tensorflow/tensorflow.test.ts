import { createRequire } from "node:module";
import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../../shared/engine/engine.ts";
import { engineNamed } from "../../../../shared/engine/engines.ts";
import { installedTensorflow } from "../../../../shared/engine/tensorflow/library.ts";
import type { Tfjs } from "../../../../shared/engine/tensorflow/tfjs.ts";
import { serializeModel } from "../../../../shared/onnx/file.ts";
import type { Graph, GraphNode, Tensor } from "../../../../shared/onnx/graph.ts";
import { randomFor } from "../../../../shared/random.ts";
import { onTensorflow, tensorflowIsThere } from "./installed.ts";

function node(op: string, inputs: string[], output: string, attributes: GraphNode["attributes"] = {}) {
  return { op, name: output, inputs, outputs: [output], attributes };
}

function floats(dims: readonly number[], seed = "x"): Tensor {
  const random = randomFor("tensorflow", seed);
  const length = dims.reduce((product, dim) => product * dim, 1);
  return { type: "float32", dims, data: Float32Array.from({ length }, () => random() - 0.5) };
}

/** A convolution of photos, and their mean colour beside it. */
const photos: Graph = {
  opset: 17,
  inputs: [{ name: "image", type: "uint8", dims: ["n", 6, 6, 3] }],
  outputs: [
    { name: "map", type: "float32", dims: [] },
    { name: "mean", type: "float32", dims: [] },
    { name: "shape", type: "int64", dims: [] },
    { name: "dark", type: "bool", dims: [] },
  ],
  nodes: [
    node("Cast", ["image"], "floats", { to: 1 }),
    node("Transpose", ["floats"], "x", { perm: [0, 3, 1, 2] }),
    node("Conv", ["x", "w"], "map", { pads: [1, 1, 1, 1] }),
    node("ReduceMean", ["x"], "mean", { axes: [2, 3], keepdims: 0 }),
    node("Shape", ["map"], "shape"),
    node("Less", ["mean", "limit"], "dark"),
  ],
  initializers: new Map([
    ["w", floats([4, 3, 3, 3], "w")],
    ["limit", { type: "float32", dims: [], data: Float32Array.of(120) }],
  ]),
  metadata: {},
};

/** A sum that goes on from run to run, of filters in the order in which a convolution's gradient leaves them. */
const sum: Graph = {
  opset: 17,
  inputs: [
    { name: "total", type: "float32", dims: [4, 3, 3, 3] },
    { name: "x", type: "float32", dims: ["n", 3, 6, 6] },
    { name: "dy", type: "float32", dims: ["n", 4, 4, 4] },
  ],
  outputs: [{ name: "total.next", type: "float32", dims: [] }],
  nodes: [
    node("ConvFilterGradient", ["x", "dy"], "dw", {
      ...{ kernel_shape: [3, 3], strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0] },
      ...{ group: 1, filter_shape: [4, 3, 3, 3] },
    }),
    node("Add", ["total", "dw"], "total.next"),
    node("ReduceSum", ["total.next"], "all", { keepdims: 0 }),
  ],
  initializers: new Map(),
  metadata: {},
};

function photoBatch(n: number): Tensor {
  const random = randomFor("tensorflow", "photos");
  const data = Uint8Array.from({ length: n * 108 }, () => 256 * random());
  return { type: "uint8", dims: [n, 6, 6, 3], data };
}

describe.skipIf(!tensorflowIsThere)(onTensorflow, () => {
  let engine: Engine;
  let cpu: Engine;
  beforeAll(async () => {
    engine = await engineNamed("tensorflow", "cpu");
    cpu = await engineNamed("cpu");
  });

  /** Tensors in TensorFlow's memory. */
  const tensorsAlive = () => {
    const entry = installedTensorflow()?.entry ?? "";
    return (createRequire(entry)(entry) as Tfjs).memory().numTensors;
  };

  it("names tfjs-node's version and TensorFlow's: keys depend on both", () => {
    expect(engine.name).toBe("tensorflow");
    expect(engine.library.name).toMatch(/^@tensorflow\/tfjs-node/);
    expect(engine.library.version).toMatch(/^\d+\.\d+\.\d+ on TensorFlow \d+\.\d+\.\d+$/);
  });

  it("gives what cpu gives, whatever the type and the number of photos", async () => {
    const model = serializeModel(photos);
    const names = photos.outputs.map(({ name }) => name);
    const [own, oracle] = [await engine.load(model, { threads: 1 }), await cpu.load(model, { threads: 1 })];
    for (const n of [3, 1, 3]) {
      const feeds = { image: photoBatch(n) };
      const [given, expected] = [await own.run(feeds, names), await oracle.run(feeds, names)];
      for (const name of ["shape", "dark"]) expect(given[name]).toEqual(expected[name]);
      for (const name of ["map", "mean"]) {
        expect(given[name]?.dims).toEqual(expected[name]?.dims);
        for (const [i, number] of Array.from(expected[name]?.data ?? [], Number).entries())
          expect(Number(given[name]?.data[i])).toBeCloseTo(number, 2);
      }
    }
    await Promise.all([own.close(), oracle.close()]);
  });

  it("holds no more tensors after thirteen runs than after three, and none after its end", async () => {
    const before = tensorsAlive();
    const session = await engine.load(serializeModel(photos), { threads: 1 });
    const names = photos.outputs.map(({ name }) => name);
    const alive: number[] = [];
    for (let i = 0; i < 13; i++) {
      await session.run({ image: photoBatch(2) }, names);
      alive.push(tensorsAlive());
    }
    expect(alive[2]).toBeGreaterThan(before);
    expect(alive[12]).toBe(alive[2]);
    await session.close();
    expect(tensorsAlive()).toBe(before);
  });

  it("keeps a loop's state between runs, and what was read of it as it was", async () => {
    const before = tensorsAlive();
    const zeros: Tensor = { type: "float32", dims: [4, 3, 3, 3], data: new Float32Array(108) };
    const slots = [{ input: "total", output: "total.next", initial: zeros }];
    const loop = await engine.loop(serializeModel(sum), slots, { threads: 1 });
    const feeds = { x: floats([2, 3, 6, 6]), dy: floats([2, 4, 4, 4], "dy") };
    const alive: number[] = [];
    const { all: first } = await loop.run(feeds, ["all"]);
    const once = (await loop.read(["total"])).get("total");
    const [copy, type] = [Array.from(once?.data ?? [], Number), once?.type];
    for (let i = 0; i < 12; i++) {
      const { all } = await loop.run(feeds, ["all"]);
      expect(Number(all?.data[0])).toBeCloseTo((i + 2) * Number(first?.data[0]), 2);
      alive.push(tensorsAlive());
    }
    expect(alive[11]).toBe(alive[1]);
    const now = (await loop.read(["total"])).get("total");
    expect([type, now?.dims]).toEqual(["float32", [4, 3, 3, 3]]);
    expect(copy.some((number) => number !== 0)).toBe(true);
    for (const [i, number] of copy.entries()) expect(Number(now?.data[i])).toBeCloseTo(13 * number, 3);
    expect(Array.from(once?.data ?? [], Number)).toEqual(copy);
    await loop.close();
    expect(tensorsAlive()).toBe(before);
  });

  it("names the node whose operator it lacks before anything runs", async () => {
    const nodes = [...photos.nodes, node("Unheard", ["map"], "odd")];
    const outputs = [{ name: "odd", type: "float32" as const, dims: [] }];
    const loading = engine.load(serializeModel({ ...photos, nodes, outputs }), { threads: 1 });
    await expect(loading).rejects.toMatchObject({ code: "engine" });
    await expect(loading).rejects.toThrow(/"odd".*Unheard/);
  });

  it("refuses numbers in float64, which tfjs does not know", async () => {
    const inputs = [{ name: "image", type: "float64" as const, dims: ["n", 6, 6, 3] }];
    await expect(engine.load(serializeModel({ ...photos, inputs }), { threads: 1 })).rejects.toThrow(
      'expected float32 for "image" but got float64',
    );
  });

  it("gives the same bits again", async () => {
    const session = await engine.load(serializeModel(photos), { threads: 1 });
    const one = await session.run({ image: photoBatch(4) }, ["map"]);
    expect(await session.run({ image: photoBatch(4) }, ["map"])).toEqual(one);
    await session.close();
  });
});
