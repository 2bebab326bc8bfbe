import { expect, test } from "vitest";
import { engineNamed } from "../../../shared/engine/engines.ts";
import type { Session } from "../../../shared/engine/engine.ts";
import { serializeModel } from "../../../shared/onnx/file.ts";
import type { Tensor } from "../../../shared/onnx/graph.ts";
import { randomFor } from "../../../shared/random.ts";
import { GraphBuilder } from "../../../shared/training/builder.ts";
import type { Attributes, Value } from "../../../shared/training/builder.ts";
import { gradientsOf } from "../../../shared/training/derive.ts";
import { gradientRules } from "../../../shared/training/gradients.ts";

/** An operator on small float64 inputs. Numbers come from ±[0.2, 1.2], away from the kink of Relu. */
interface Case {
  op: string;
  inputs: number[][];
  attributes?: Attributes;
  /** further, constant inputs */
  constants?: (g: GraphBuilder) => Value[];
  positive?: boolean;
}

const cases: Case[] = [
  { op: "Identity", inputs: [[2, 3]] },
  { op: "Add", inputs: [[4, 3], [3]] },
  {
    op: "Add",
    inputs: [
      [3, 1],
      [2, 1, 5],
    ],
  },
  { op: "Add", inputs: [[2, 2], []] },
  { op: "Sub", inputs: [[3], [4, 3]] },
  {
    op: "Mul",
    inputs: [
      [4, 3],
      [4, 1],
    ],
  },
  {
    op: "Div",
    inputs: [
      [4, 3],
      [1, 3],
    ],
  },
  { op: "Div", inputs: [[], [2, 3]] },
  { op: "Neg", inputs: [[5]] },
  { op: "Exp", inputs: [[2, 3]] },
  { op: "Log", inputs: [[2, 3]], positive: true },
  { op: "Sqrt", inputs: [[2, 3]], positive: true },
  { op: "Relu", inputs: [[6, 5]] },
  {
    op: "Clip",
    inputs: [[6, 5]],
    constants: (g) => [g.scalar(-0.7, "float64"), g.scalar(0.7, "float64")],
  },
  {
    op: "MatMul",
    inputs: [
      [4, 3],
      [3, 2],
    ],
  },
  {
    op: "MatMul",
    inputs: [
      [2, 4, 3],
      [3, 5],
    ],
  },
  {
    op: "MatMul",
    inputs: [
      [2, 1, 4, 3],
      [5, 3, 2],
    ],
  },
  { op: "Gemm", inputs: [[4, 3], [3, 2], [2]], attributes: { alpha: { float: 0.5 }, beta: { float: 2 } } },
  {
    op: "Gemm",
    inputs: [
      [3, 4],
      [3, 2],
    ],
    attributes: { transA: 1 },
  },
  {
    op: "Gemm",
    inputs: [
      [4, 3],
      [2, 3],
      [4, 1],
    ],
    attributes: { transB: 1 },
  },
  {
    op: "Gemm",
    inputs: [
      [3, 4],
      [2, 3],
    ],
    attributes: { transA: 1, transB: 1 },
  },
  { op: "Transpose", inputs: [[2, 3, 4]], attributes: { perm: [2, 0, 1] } },
  { op: "Transpose", inputs: [[2, 3]] },
  { op: "Reshape", inputs: [[2, 6]], constants: (g) => [g.integers([3, -1])] },
  { op: "Expand", inputs: [[3, 1]], constants: (g) => [g.integers([2, 3, 4])] },
  {
    op: "ReduceSum",
    inputs: [[2, 3, 4]],
    constants: (g) => [g.integers([1, -1])],
    attributes: { keepdims: 0 },
  },
  { op: "ReduceSum", inputs: [[2, 3]] },
  { op: "ReduceMean", inputs: [[2, 3, 4]], attributes: { axes: [2], keepdims: 1 } },
  { op: "ReduceMean", inputs: [[2, 3, 4]], attributes: { axes: [0, 1], keepdims: 0 } },
  { op: "LogSoftmax", inputs: [[3, 5]] },
  { op: "LogSoftmax", inputs: [[3, 5]], attributes: { axis: 0 } },
  { op: "Softmax", inputs: [[2, 3, 4]], attributes: { axis: 1 } },
];

test.for(cases.map((one) => [`${one.op} of ${JSON.stringify(one.inputs)}`, one] as const))(
  "the gradient of %s is its finite difference",
  async ([, one]) => {
    const { session, feeds, names } = await differentiated(one);
    const outputs = await session.run(
      feeds,
      names.map((name) => `d.${name}`),
    );
    for (const name of names) {
      const numeric = await finiteDifferences(session, feeds, name);
      const derived = Array.from((outputs[`d.${name}`] as Tensor).data, Number);
      expect(derived).toHaveLength(numeric.length);
      for (const [i, slope] of numeric.entries()) expect(derived[i]).toBeCloseTo(slope, 7);
    }
    await session.close();
  },
);

test("every rule has a case here", () => {
  expect(Object.keys(gradientRules).filter((op) => !cases.some((one) => one.op === op))).toEqual([]);
});

/** A graph of L = Σ r · op(inputs), r fixed random numbers, and of the gradients of L. */
async function differentiated({ op, inputs, attributes, constants, positive }: Case) {
  const g = new GraphBuilder(17);
  const names = inputs.map((_, i) => `x${i}`);
  const values = inputs.map((dims, i) => g.input(names[i] as string, "float64", dims));
  const y = g.node(op, [...values, ...(constants?.(g) ?? [])], attributes);
  const loss = g.sum(g.mul(y, g.initializer("r", numbers("r", y.dims, false))));
  const gradients = gradientsOf(g, loss, values);
  const graph = g.graph([
    ["loss", loss],
    ...gradients.map((gradient, i) => [`d.${names[i] ?? ""}`, gradient] as const),
  ]);
  const session = await (await engineNamed("cpu")).load(serializeModel(graph), { threads: 1 });
  const feeds = Object.fromEntries(
    inputs.map((dims, i) => [`x${i}`, numbers(`x${i}`, dims, positive ?? false)]),
  );
  return { session, feeds, names };
}

async function finiteDifferences(session: Session, feeds: Record<string, Tensor>, name: string) {
  const at = feeds[name] as Tensor;
  const width = 1e-5;
  const lossAt = async (i: number, shift: number) => {
    const data = Float64Array.from(at.data as Float64Array);
    data[i] = (data[i] as number) + shift;
    const { loss } = await session.run({ ...feeds, [name]: { ...at, data } }, ["loss"]);
    return Number(loss?.data[0]);
  };
  const slopes: number[] = [];
  for (let i = 0; i < at.data.length; i++)
    slopes.push(((await lossAt(i, width)) - (await lossAt(i, -width))) / (2 * width));
  return slopes;
}

function numbers(name: string, dims: readonly number[], positive: boolean): Tensor {
  const random = randomFor("gradients", name);
  const size = dims.reduce((product, dim) => product * dim, 1);
  const data = Float64Array.from(
    { length: size },
    () => (0.2 + random()) * (positive || random() < 0.5 ? 1 : -1),
  );
  return { type: "float64", dims, data };
}
