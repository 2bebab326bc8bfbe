import { describe, expect, it } from "vitest";
import { elementTypes } from "../../../shared/onnx/element-types.ts";
import type { Graph, GraphNode, Tensor } from "../../../shared/onnx/graph.ts";
import { constantIn, namesIn, producers, renamed, subgraph } from "../../../shared/onnx/subgraph.ts";

const scalar: Tensor = { type: "int64", dims: [1], data: BigInt64Array.of(3n) };

function node(op: string, inputs: string[], output: string, attributes: GraphNode["attributes"] = {}) {
  return { op, name: `the ${output}`, inputs, outputs: [output], attributes };
}

const graph: Graph = {
  opset: 17,
  inputs: [
    { name: "x", type: "uint8", dims: ["n"] },
    { name: "other", type: "float32", dims: [] },
  ],
  outputs: [{ name: "c", type: "float32", dims: [] }],
  nodes: [
    node("Constant", [], "three", { value: scalar }),
    node("Identity", ["three"], "axes"),
    node("Cast", ["x"], "a", { to: 1 }),
    node("Clip", ["a", "", "w"], "b"),
    node("Add", ["b", "other"], "c"),
    node("Greater", ["b", "a"], "bigger"),
    node("Where", ["bigger", "b", "a"], "chosen"),
    node("Shape", ["a"], "shape"),
  ],
  initializers: new Map([
    ["w", { ...scalar, type: "float32" as const, data: Float32Array.of(3) }],
    ["unused", scalar],
  ]),
  metadata: { kept: "yes" },
};

describe("a part of a graph", () => {
  it("has only the nodes, weights and inputs that its outputs need, in order", () => {
    const part = subgraph(graph, [{ name: "b", type: "float32", dims: [] }]);
    expect(part.nodes.map(({ op }) => op)).toEqual(["Cast", "Clip"]);
    expect(part.inputs.map(({ name }) => name)).toEqual(["x"]);
    expect([...part.initializers.keys()]).toEqual(["w"]);
    expect(part.metadata).toEqual({ kept: "yes" });
  });

  it("renames tensors wherever they are used, but not an input that is left out", () => {
    const other = renamed(
      graph,
      (tensor) => `t/${tensor}`,
      (name) => `n/${name}`,
    );
    expect(other.nodes[3]).toEqual({
      ...graph.nodes[3],
      name: "n/the b",
      inputs: ["t/a", "", "t/w"],
      outputs: ["t/b"],
    });
    expect(other.inputs[0]?.name).toBe("t/x");
    expect([...other.initializers.keys()]).toEqual(["t/w", "t/unused"]);
    expect(namesIn(other).has("a")).toBe(false);
  });

  it("knows constants behind Constant and Identity, and nothing computed", () => {
    const made = producers(graph);
    expect(constantIn(graph, made, "axes")).toBe(scalar);
    expect(constantIn(graph, made, "w")?.data).toEqual(Float32Array.of(3));
    expect(constantIn(graph, made, "a")).toBeNull();
  });

  it("knows the element types of what its nodes make", () => {
    const types = elementTypes(graph);
    expect(
      Object.fromEntries(["three", "a", "b", "bigger", "chosen", "shape"].map((t) => [t, types.get(t)])),
    ).toEqual({
      three: "int64",
      a: "float32",
      b: "float32",
      bigger: "bool",
      chosen: "float32",
      shape: "int64",
    });
  });
});
