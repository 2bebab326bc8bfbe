import { expect, test } from "vitest";
import { newHead } from "../../../shared/training/head.ts";

const options = { features: 100, classes: 3, seed: 7, standardisation: null, opset: 17 };

test("a linear head is one product, one sum", () => {
  const { graph, weights, biases } = newHead({ ...options, kind: "linear" });
  expect(graph.nodes.map(({ op }) => op)).toEqual(["MatMul", "Add"]);
  expect([...weights, ...biases]).toEqual(["head.weight", "head.bias"]);
  expect(graph.initializers.get("head.weight")?.dims).toEqual([100, 3]);
});

test("a hidden layer has the width that its name says", () => {
  const { graph, weights } = newHead({ ...options, kind: "mlp:20" });
  expect(graph.nodes.map(({ op }) => op)).toEqual(["MatMul", "Add", "Relu", "MatMul", "Add"]);
  expect(weights.map((name) => graph.initializers.get(name)?.dims)).toEqual([
    [100, 20],
    [20, 3],
  ]);
});

test("hidden values start uniform within ±1/√features and follow from the seed, the last layer at zero", () => {
  const valuesOf = (seed: number, name: string) => {
    const { graph } = newHead({ ...options, kind: "mlp:20", seed });
    return Array.from(graph.initializers.get(name)?.data ?? [], Number);
  };
  const values = valuesOf(7, "head.0.weight");
  expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(0.1);
  expect(Math.max(...values)).toBeGreaterThan(0.09);
  expect(Math.min(...values)).toBeLessThan(-0.09);
  expect(valuesOf(7, "head.0.weight")).toEqual(values);
  expect(valuesOf(8, "head.0.weight")).not.toEqual(values);
  expect(valuesOf(7, "head.1.weight")).toEqual(new Array(60).fill(0));
});
