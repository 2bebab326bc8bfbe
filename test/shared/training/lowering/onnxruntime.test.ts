import { expect, test } from "vitest";
import { engineNamed } from "../../../../shared/engine/engines.ts";
import { serializeModel } from "../../../../shared/onnx/file.ts";
import type { Graph, Tensor } from "../../../../shared/onnx/graph.ts";
import { randomFor } from "../../../../shared/random.ts";
import { GraphBuilder } from "../../../../shared/training/builder.ts";
import type { Attributes, Value } from "../../../../shared/training/builder.ts";
import { loweredForOnnxruntime } from "../../../../shared/training/lowering/onnxruntime.ts";

/** A graph of x and w whose lowering must give what onnxruntime gives without it. */
interface Case {
  name: string;
  x: number[];
  w?: number[];
  y: (g: GraphBuilder, x: Value, w: Value) => Value;
}

const convolution =
  (attributes: Attributes): Case["y"] =>
  (g, x, w) =>
    g.node("Conv", [x, w], attributes);

const pooling =
  (op: string, attributes: Attributes): Case["y"] =>
  (g, x) =>
    g.node(op, [x], attributes);

/** A map with its channels first, from which other operators take over. */
const map = (g: GraphBuilder, x: Value) => g.node("Relu", [g.node("Conv", [x, kernel(g)])]);
const kernel = (g: GraphBuilder) =>
  g.floats("kernel", "float32", [4, 3, 1, 1], () => [1, -1, 2, 3, 1, -2, 1, 1, 1, 2, -3, 1]);

const cases: Case[] = [
  { name: "a 1×1 convolution", x: [2, 5, 4, 3], w: [6, 5, 1, 1], y: convolution({}) },
  {
    name: "a 1×1 convolution with strides",
    x: [2, 5, 5, 4],
    w: [6, 5, 1, 1],
    y: convolution({ strides: [2, 3] }),
  },
  { name: "a 3×2 convolution", x: [2, 5, 7, 6], w: [6, 5, 3, 2], y: convolution({ pads: [1, 0, 2, 1] }) },
  {
    name: "one with strides and dilations",
    x: [2, 3, 9, 8],
    w: [4, 3, 3, 3],
    y: convolution({ strides: [2, 1], dilations: [1, 2], pads: [1, 1, 1, 1] }),
  },
  { name: "one in groups", x: [2, 6, 7, 6], w: [4, 3, 3, 3], y: convolution({ group: 2, strides: [2, 2] }) },
  {
    name: "a depthwise one on a small map",
    x: [2, 4, 7, 7],
    w: [4, 1, 5, 5],
    y: convolution({ group: 4, pads: [2, 2, 2, 2] }),
  },
  {
    name: "a depthwise one with strides",
    x: [2, 4, 8, 7],
    w: [4, 1, 3, 3],
    y: convolution({ group: 4, strides: [2, 2], auto_pad: "SAME_UPPER" }),
  },
  {
    name: "a depthwise one padded below as SAME_LOWER says",
    x: [2, 4, 8, 8],
    w: [4, 1, 3, 3],
    y: convolution({ group: 4, strides: [2, 2], auto_pad: "SAME_LOWER" }),
  },
  {
    name: "a depthwise one on a larger map",
    x: [2, 3, 14, 13],
    w: [3, 1, 5, 3],
    y: convolution({ group: 3, pads: [2, 1, 2, 1] }),
  },
  {
    name: "a depthwise one on a larger map with strides",
    x: [2, 3, 15, 14],
    w: [3, 1, 3, 3],
    y: convolution({ group: 3, pads: [0, 1, 1, 0], strides: [2, 2] }),
  },
  {
    name: "a depthwise one with two filters a channel",
    x: [2, 3, 6, 6],
    w: [6, 1, 3, 3],
    y: convolution({ group: 3 }),
  },
  {
    name: "the mean of windows",
    x: [2, 3, 7, 7],
    y: pooling("AveragePool", { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [2, 2] }),
  },
  {
    name: "the mean with its padding",
    x: [2, 3, 7, 7],
    y: pooling("AveragePool", { kernel_shape: [3, 2], pads: [1, 1, 1, 0], count_include_pad: 1 }),
  },
  {
    name: "the mean of windows that reach beyond the map",
    x: [2, 3, 6, 6],
    y: pooling("AveragePool", { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }),
  },
  {
    name: "the largest of windows",
    x: [2, 3, 7, 7],
    y: pooling("MaxPool", { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [2, 2] }),
  },
  {
    name: "a map in another order",
    x: [2, 3, 4, 5],
    y: (g, x) => g.node("Transpose", [map(g, x)], { perm: [0, 2, 3, 1] }),
  },
  { name: "a map flattened", x: [2, 3, 4, 5], y: (g, x) => g.node("Flatten", [map(g, x)]) },
  {
    name: "maps one behind the other",
    x: [2, 3, 4, 5],
    y: (g, x) => g.node("Concat", [map(g, x), x], { axis: 1 }),
  },
  {
    name: "a part of a map",
    x: [2, 3, 6, 5],
    y: (g, x) =>
      g.node("Slice", [
        map(g, x),
        g.integers([1, 1]),
        g.integers([4, 6]),
        g.integers([1, 2]),
        g.integers([1, 2]),
      ]),
  },
  {
    name: "a map with a border",
    x: [2, 3, 4, 5],
    y: (g, x) => g.node("Pad", [map(g, x), g.integers([0, 0, 1, 2, 0, 1, 0, 1]), g.scalar(7, "float32")]),
  },
  {
    name: "a map's channels by their places",
    x: [2, 3, 4, 5],
    y: (g, x) => g.node("Gather", [map(g, x), g.integers([3, 0])], { axis: 1 }),
  },
  {
    name: "means over height and width, kept",
    x: [2, 3, 4, 5],
    y: (g, x) => g.node("ReduceMean", [map(g, x)], { axes: [2, 3] }),
  },
  {
    name: "means over height and width, dropped",
    x: [2, 3, 4, 5],
    y: (g, x) => g.node("ReduceMean", [map(g, x)], { axes: [-1, -2], keepdims: 0 }),
  },
  {
    name: "sums over the channels",
    x: [2, 3, 4, 5],
    y: (g, x) => g.node("ReduceSum", [map(g, x), g.integers([1])], { keepdims: 0 }),
  },
  {
    name: "the mean of all of a map",
    x: [2, 3, 4, 5],
    y: (g, x) => g.node("GlobalAveragePool", [map(g, x)]),
  },
  { name: "a factor a channel", x: [2, 3, 4, 5], w: [4, 1, 1], y: (g, x, w) => g.mul(map(g, x), w) },
  { name: "a factor a place", x: [2, 3, 4, 5], w: [4, 5], y: (g, x, w) => g.mul(map(g, x), w) },
  { name: "a factor a photo", x: [2, 3, 4, 5], w: [2, 1, 1, 1], y: (g, x, w) => g.mul(w, map(g, x)) },
  {
    name: "batch normalisation",
    x: [2, 3, 4, 5],
    w: [4],
    y: (g, x, w) =>
      g.node("BatchNormalization", [map(g, x), w, w, w, g.floats("v", "float32", [4], () => [1, 2, 3, 4])]),
  },
  {
    name: "a matrix beside a single number",
    x: [2, 3],
    y: (g, x) =>
      g.mul(
        g.reshape(x, [2, 3, 1, 1]),
        g.floats("one", "float32", [1], () => [3]),
      ),
  },
];

test.for(cases.map((one) => [one.name, one] as const))(
  "lowered, %s is what it was",
  async ([, { x, w = [1], y }]) => {
    const g = new GraphBuilder(17);
    const [a, b] = [g.input("x", "float32", x), g.input("w", "float32", w)];
    const graph = g.graph([["y", y(g, a, b)]]);
    const feeds = { x: numbers("x", x), w: numbers("w", w) };
    const expected = await run(graph, feeds);
    const lowered = await run(loweredForOnnxruntime(graph), feeds);
    expect(lowered.dims).toEqual(expected.dims);
    for (const [i, value] of lowered.data.entries()) expect(value).toBeCloseTo(Number(expected.data[i]), 4);
  },
);

test("convolutions and their chains leave no transposition but at the ends", () => {
  const g = new GraphBuilder(17);
  const x = g.input("x", "float32", [2, 3, 4, 5]);
  const y = g.add(map(g, g.node("Relu", [x])), map(g, x));
  const { nodes } = loweredForOnnxruntime(g.graph([["y", g.node("Clip", [y, g.scalar(0, "float32")])]]));
  const ops = nodes.map(({ op }) => op);
  expect(ops).not.toContain("Conv");
  expect(ops.filter((op) => op === "Transpose")).toHaveLength(3);
});

test("an operator without a lowering is named before anything runs", () => {
  const graph: Graph = {
    ...{ opset: 17, initializers: new Map(), metadata: {} },
    inputs: [{ name: "x", type: "float32", dims: [2, 3] }],
    outputs: [{ name: "y", type: "float32", dims: [2, 3] }],
    nodes: [{ op: "Mystery", name: "strange", inputs: ["x"], outputs: ["y"], attributes: {} }],
  };
  expect(() => loweredForOnnxruntime(graph)).toThrow('for "strange" (Mystery)');
});

async function run(
  graph: Graph,
  feeds: Record<string, Tensor>,
): Promise<{ dims: readonly number[]; data: Float32Array }> {
  const session = await (await engineNamed("cpu")).load(serializeModel(graph), { threads: 1 });
  const { y } = await session.run(feeds, ["y"]);
  await session.close();
  return { dims: y?.dims ?? [], data: y?.data as Float32Array };
}

function numbers(name: string, dims: readonly number[]): Tensor {
  const random = randomFor("lowering", name);
  const size = dims.reduce((product, dim) => product * dim, 1);
  return { type: "float32", dims, data: Float32Array.from({ length: size }, () => 2 * random() - 1) };
}
