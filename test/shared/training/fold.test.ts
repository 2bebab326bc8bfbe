import { expect, test } from "vitest";
import type { Graph, GraphNode, Tensor } from "../../../shared/onnx/graph.ts";
import { foldNormalisation } from "../../../shared/training/fold.ts";

const everywhere = () => true;

test("a convolution and its batch normalisation become one convolution that has the pair's output", () => {
  const { nodes, initializers } = foldNormalisation(network(), everywhere, new Set());
  expect(nodes.map(({ op, inputs, outputs }) => [op, inputs, outputs])).toEqual([
    ["Conv", ["x", "normal.weight", "normal.bias"], ["normal"]],
    ["Relu", ["normal"], ["y"]],
  ]);
  // scale / √(variance + ε) = 6 / √(3 + 1) = 3 and 1 / √(0 + 1) = 1
  expect(initializers.get("normal.weight")).toEqual(tensor([2, 1, 1, 1], [2 * 3, 5 * 1]));
  // (bias − mean) · factor + shift
  expect(initializers.get("normal.bias")).toEqual(tensor([2], [(1 - 4) * 3 + 10, (2 - 5) * 1 + 20]));
  expect([...initializers.keys()].sort()).toEqual(["normal.bias", "normal.weight"]);
});

test("a convolution without a bias gets one", () => {
  const graph = network();
  const [convolution, ...others] = graph.nodes as [GraphNode, ...GraphNode[]];
  const bare = { ...graph, nodes: [{ ...convolution, inputs: ["x", "w"] }, ...others] };
  const { initializers } = foldNormalisation(bare, everywhere, new Set());
  expect(initializers.get("normal.bias")).toEqual(tensor([2], [(0 - 4) * 3 + 10, (0 - 5) * 1 + 20]));
});

test.for([
  ["is asked for from outside", new Set(["convolved"]), network()],
  [
    "goes elsewhere too",
    new Set<string>(),
    withNode({ op: "Relu", name: "other", inputs: ["convolved"], outputs: ["z"], attributes: {} }),
  ],
  [
    "is an output of the graph",
    new Set<string>(),
    { ...network(), outputs: [{ name: "convolved", type: "float32", dims: [] } as const] },
  ],
] as const)("a convolution whose own output %s stays", ([, kept, graph]) => {
  expect(foldNormalisation(graph, everywhere, kept).nodes.map(({ op }) => op)).toContain(
    "BatchNormalization",
  );
});

test("only the nodes that may be folded are", () => {
  expect(foldNormalisation(network(), () => false, new Set())).toEqual(network());
});

function network(): Graph {
  return {
    ...{ opset: 17, metadata: {} },
    inputs: [{ name: "x", type: "float32", dims: ["n", 1, 3, 3] }],
    outputs: [{ name: "y", type: "float32", dims: ["n", 2, 3, 3] }],
    nodes: [
      { op: "Conv", name: "c", inputs: ["x", "w", "b"], outputs: ["convolved"], attributes: { group: 1 } },
      {
        op: "BatchNormalization",
        name: "n",
        inputs: ["convolved", "scale", "shift", "mean", "variance"],
        outputs: ["normal"],
        attributes: { epsilon: { float: 1 } },
      },
      { op: "Relu", name: "r", inputs: ["normal"], outputs: ["y"], attributes: {} },
    ],
    initializers: new Map([
      ["w", tensor([2, 1, 1, 1], [2, 5])],
      ["b", tensor([2], [1, 2])],
      ["scale", tensor([2], [6, 1])],
      ["shift", tensor([2], [10, 20])],
      ["mean", tensor([2], [4, 5])],
      ["variance", tensor([2], [3, 0])],
    ]),
  };
}

function withNode(node: GraphNode): Graph {
  const graph = network();
  return { ...graph, nodes: [...graph.nodes, node] };
}

function tensor(dims: number[], numbers: number[]): Tensor {
  return { type: "float32", dims, data: Float32Array.from(numbers) };
}
