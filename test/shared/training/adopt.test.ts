import { expect, test } from "vitest";
import type { Graph, GraphNode, Tensor } from "../../../shared/onnx/graph.ts";
import { adopt } from "../../../shared/training/adopt.ts";
import { GraphBuilder } from "../../../shared/training/builder.ts";

test("shapes that exporters compute from a free batch become constants once the batch is known", () => {
  const g = new GraphBuilder(17);
  const [y] = adopt(
    g,
    graph([
      node("Shape", ["x"], "shape"),
      node("Gather", ["shape", "first"], "batch", { axis: 0 }),
      node("Unsqueeze", ["batch", "axis"], "list"),
      node("Concat", ["list", "rest"], "to", { axis: 0 }),
      node("Reshape", ["x", "to"], "y"),
    ]),
    { n: 5 },
    new Set(),
  );
  expect(y?.dims).toEqual([5, 12]);
  expect(g.nodes.map(({ op }) => op)).toEqual(["Reshape"]);
});

test("a Split becomes a Slice for each of its outputs", () => {
  const g = new GraphBuilder(17);
  const split = { ...node("Split", ["x", "sizes"], "left", { axis: 1 }), outputs: ["left", "right"] };
  const [y] = adopt(g, graph([split, node("Neg", ["right"], "y")]), { n: 2 }, new Set());
  expect(g.nodes.map(({ op }) => op)).toEqual(["Slice", "Slice", "Neg"]);
  expect([g.value("left").dims, y?.dims]).toEqual([
    [2, 1, 4],
    [2, 2, 4],
  ]);
});

test("paddings that an exporter computes by turning lists round become constants", () => {
  const g = new GraphBuilder(17);
  adopt(
    g,
    {
      ...graph([
        node("Reshape", ["list", "pairs"], "rows"),
        node("Slice", ["rows", "last", "least", "axis", "back"], "turned"),
        node("Transpose", ["turned"], "columns", { perm: [1, 0] }),
        node("Reshape", ["columns", "rest"], "pads"),
        node("Pad", ["x", "pads"], "y"),
      ]),
      initializers: new Map([
        ["list", integers([6], [3, 4, 1, 2, 0, 0])],
        ["pairs", integers([2], [-1, 2])],
        ["rest", integers([1], [-1])],
        ["axis", integers([1], [0])],
        ["last", integers([1], [-1])],
        ["least", integers([1], [-(2 ** 40)])],
        ["back", integers([1], [-1])],
      ]),
    },
    { n: 2 },
    new Set(),
  );
  expect(g.nodes.map(({ op }) => op)).toEqual(["Pad"]);
  expect(Array.from(g.initializers.get("pads")?.data ?? [], Number)).toEqual([0, 1, 3, 0, 2, 4]);
  expect(g.value("y").dims).toEqual([2, 6, 11]);
});

test("a Gather of every place in order becomes a Reshape", () => {
  const g = new GraphBuilder(17);
  const places = [
    node("Range", ["zero", "all", "one"], "flat"),
    node("Reshape", ["flat", "square"], "places"),
    node("Reshape", ["x", "rest"], "numbers"),
    node("Gather", ["numbers", "places"], "y", { axis: 0 }),
  ];
  const whole = graph(places);
  const initializers = new Map([
    ...whole.initializers,
    ...[["zero", 0] as const, ["all", 24] as const, ["one", 1] as const].map(
      ([name, number]) => [name, integers([], [number])] as const,
    ),
    ["square", integers([2], [4, 6])] as const,
  ]);
  const [y] = adopt(g, { ...whole, initializers }, { n: 2 }, new Set());
  expect(y?.dims).toEqual([4, 6]);
  expect(g.nodes.map(({ op }) => op)).toEqual(["Reshape", "Reshape"]);
});

test("names that are made up are none of the graph's own", () => {
  const g = new GraphBuilder(17);
  const split = { ...node("Split", ["x"], "left", { axis: 1 }), outputs: ["left", "right"] };
  const later = [5, 6, 7, 8, 9].map((number) => node("Neg", ["right"], `constant.${number}`));
  const [y] = adopt(g, graph([split, ...later, node("Neg", ["left"], "y")]), { n: 2 }, new Set());
  expect(y?.dims).toEqual([2, 2, 4]);
});

test("an operator that is not known is named", () => {
  expect(() =>
    adopt(new GraphBuilder(17), graph([node("Mystery", ["x"], "y")]), { n: 1 }, new Set()),
  ).toThrow('training: expected an operator whose shapes are known for "y" (Mystery) but got Mystery');
});

function graph(nodes: GraphNode[]): Graph {
  return {
    ...{ opset: 17, metadata: {}, nodes },
    inputs: [{ name: "x", type: "float32", dims: ["n", 3, 4] }],
    outputs: [{ name: "y", type: "float32", dims: [] }],
    initializers: new Map([
      ["first", integers([], [0])],
      ["axis", integers([1], [0])],
      ["rest", integers([1], [-1])],
      ["sizes", integers([2], [1, 2])],
    ]),
  };
}

function node(
  op: string,
  inputs: string[],
  output: string,
  attributes: GraphNode["attributes"] = {},
): GraphNode {
  return { op, name: output, inputs, outputs: [output], attributes };
}

function integers(dims: number[], numbers: number[]): Tensor {
  return { type: "int64", dims, data: BigInt64Array.from(numbers, BigInt) };
}
