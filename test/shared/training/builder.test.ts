import { expect, test } from "vitest";
import type { Graph } from "../../../shared/onnx/graph.ts";
import { adopt } from "../../../shared/training/adopt.ts";
import { GraphBuilder } from "../../../shared/training/builder.ts";

test("dimensions follow from the operators", () => {
  const g = new GraphBuilder(17);
  const a = g.input("a", "float32", [5, 1, 4, 3]);
  const b = g.input("b", "float32", [2, 3, 7]);
  expect(g.matMul(a, b).dims).toEqual([5, 2, 4, 7]);
  expect(g.transposed(a).dims).toEqual([5, 1, 3, 4]);
  expect(g.sumOver(a, [-1, 0]).dims).toEqual([1, 1, 4, 1]);
  expect(g.sum(a).dims).toEqual([]);
  expect(g.node("Reshape", [a, g.integers([0, -1])]).dims).toEqual([5, 12]);
  expect(g.sumTo(a, [4, 1]).dims).toEqual([4, 1]);
  expect(g.above(a, 0)).toMatchObject({ type: "float32", dims: [5, 1, 4, 3] });
});

test("dimensions that do not fit are an error that names the node", () => {
  const g = new GraphBuilder(17);
  const a = g.input("a", "float32", [2, 3]);
  expect(() => g.matMul(a, a)).toThrow(
    /expected matrices \[m, k\] and \[k, n\] for "MatMul.\d+" \(MatMul\) but got/,
  );
  expect(() => g.add(a, g.input("b", "float32", [2]))).toThrow("expected dimensions that broadcast");
  expect(() => g.node("Reshape", [a, g.integers([4])])).toThrow("expected a shape of 6 elements");
  expect(() => g.node("LSTM", [a])).toThrow("expected an operator whose shapes are known");
});

test("the same calls make the same graph, equal constants once", () => {
  const build = () => {
    const g = new GraphBuilder(17);
    const a = g.input("a", "float32", [2]);
    return g.graph([["y", g.add(g.mul(a, 2), g.mul(g.exp(a), 2))]]);
  };
  expect(build()).toEqual(build());
  expect(build().initializers.size).toBe(1);
});

test("a graph is taken over with its free dimensions bound and some constants as inputs", () => {
  const graph: Graph = {
    opset: 17,
    inputs: [{ name: "x", type: "float32", dims: ["n", 2] }],
    outputs: [{ name: "y", type: "float32", dims: ["n", 2] }],
    nodes: [{ op: "Mul", name: "scale", inputs: ["x", "w"], outputs: ["y"], attributes: {} }],
    initializers: new Map([["w", { type: "float32", dims: [2], data: Float32Array.of(1, 2) }]]),
    metadata: {},
  };
  const g = new GraphBuilder(17);
  const [y] = adopt(g, graph, { n: 4 }, new Set(["w"]));
  expect(y).toEqual({ name: "y", type: "float32", dims: [4, 2] });
  if (y === undefined) throw new Error("it has an output");
  const taken = g.graph([["z", y]]);
  expect(taken.inputs.map(({ name, dims }) => [name, dims])).toEqual([
    ["x", [4, 2]],
    ["w", [2]],
  ]);
  expect(taken.initializers.size).toBe(0);
  expect(() => adopt(new GraphBuilder(17), graph, {}, new Set())).toThrow(
    'no number for dimension "n" of "x"',
  );
});
