import { expect, test } from "vitest";
import { engineNamed } from "../../../shared/engine/engines.ts";
import { serializeModel } from "../../../shared/onnx/file.ts";
import { GraphBuilder } from "../../../shared/training/builder.ts";
import { gradientsOf } from "../../../shared/training/derive.ts";

test("what a value passes on in several ways is summed up", async () => {
  const g = new GraphBuilder(17);
  const x = g.input("x", "float64", []);
  // x · x + eˣ + x
  const loss = g.add(g.add(g.mul(x, x), g.exp(x)), x);
  const [dx] = gradientsOf(g, loss, [x]);
  if (dx === undefined) throw new Error("one source, one gradient");
  const session = await (
    await engineNamed("cpu")
  ).load(serializeModel(g.graph([["dx", dx]])), { threads: 1 });
  const results = await session.run({ x: { type: "float64", dims: [], data: Float64Array.of(1.5) } }, ["dx"]);
  expect(results["dx"]?.data[0]).toBeCloseTo(2 * 1.5 + Math.exp(1.5) + 1, 12);
  await session.close();
});

test("nodes below the sources need no rule, and nodes that the outputs do not need are left out", () => {
  const g = new GraphBuilder(17);
  const x = g.input("x", "float64", [2]);
  const weight = g.input("weight", "float64", [2]);
  const frozen = g.pow(2, x);
  const loss = g.sum(g.mul(frozen, weight));
  const [gradient] = gradientsOf(g, loss, [weight]);
  if (gradient === undefined) throw new Error("one source, one gradient");
  expect(g.graph([["gradient", gradient]]).nodes.map(({ op }) => op)).toEqual([
    "Pow",
    "Reshape",
    "Expand",
    "Mul",
  ]);
});

test("a source that the loss does not depend on is an error that names it", () => {
  const g = new GraphBuilder(17);
  const [x, idle] = [g.input("x", "float64", [2]), g.input("idle", "float64", [2])];
  expect(() => gradientsOf(g, g.sum(x), [x, idle])).toThrow('a loss that depends on "idle"');
});

test("an operator without a rule is an error that names the node", () => {
  const g = new GraphBuilder(17);
  const x = g.input("x", "float64", [2]);
  const y = g.node("AveragePoolGradient", [x], { input_shape: [2] });
  expect(() => gradientsOf(g, g.sum(y), [x])).toThrow(
    `training: expected an operator with a gradient rule for "${y.name}" but got AveragePoolGradient`,
  );
});
