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
