import { expect, test } from "vitest";
import { engineNamed } from "../../../shared/engine/engines.ts";
import { serializeModel } from "../../../shared/onnx/file.ts";
import type { ElementType, Tensor } from "../../../shared/onnx/graph.ts";
import { randomFor } from "../../../shared/random.ts";
import { GraphBuilder } from "../../../shared/training/builder.ts";
import type { Attributes, Value } from "../../../shared/training/builder.ts";
import { gradientsOf } from "../../../shared/training/derive.ts";
import { loweredFor } from "../../../shared/training/lowering/lowered.ts";

/** An operator on small float64 inputs. Numbers come from ±[0.2, 1.2], away from the kink of Relu. */
export interface Case {
  op: string;
  inputs: number[][];
  attributes?: Attributes;
  /** further, constant inputs */
  constants?: (g: GraphBuilder, type: ElementType) => Value[];
  positive?: boolean;
  /** dimensions of a first input that says which of the others is taken */
  condition?: number[];
  /** for operators that onnxruntime has for no other type: fewer digits are held to the rule then */
  type?: ElementType;
}

export const gradientCases: Case[] = [
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
    constants: (g, type) => [g.scalar(-0.7, type), g.scalar(0.7, type)],
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
  { op: "Reciprocal", inputs: [[2, 3]] },
  { op: "Pow", inputs: [[2, 3], [3]], positive: true },
  { op: "Sigmoid", inputs: [[2, 3]] },
  { op: "Tanh", inputs: [[2, 3]] },
  { op: "Clip", inputs: [[6, 5]], constants: (g, type) => [g.scalar(0, type)] },
  { op: "Abs", inputs: [[2, 3]] },
  { op: "LeakyRelu", inputs: [[6, 5]], attributes: { alpha: { float: 0.3 } }, type: "float32" },
  {
    op: "PRelu",
    inputs: [
      [2, 3, 4],
      [3, 1],
    ],
    type: "float32",
  },
  { op: "Elu", inputs: [[6, 5]], attributes: { alpha: { float: 0.7 } }, type: "float32" },
  { op: "Softplus", inputs: [[6, 5]], type: "float32" },
  {
    op: "Max",
    inputs: [
      [4, 3],
      [4, 1],
    ],
  },
  { op: "Min", inputs: [[4, 3], [3], []] },
  {
    op: "Where",
    inputs: [[4, 3], [3]],
    condition: [4, 1],
  },
  { op: "Cast", inputs: [[2, 3]], attributes: { to: 1 }, type: "float32" },
  { op: "ReduceMax", inputs: [[2, 3, 4]], attributes: { axes: [2, -2], keepdims: 0 } },
  { op: "ReduceMax", inputs: [[2, 3]] },
  { op: "HardSigmoid", inputs: [[6, 5]], attributes: { alpha: { float: 0.9 } }, type: "float32" },
  { op: "HardSwish", inputs: [[6, 5]], type: "float32" },
  { op: "Erf", inputs: [[6, 5]], type: "float32" },
  { op: "Gelu", inputs: [[6, 5]], type: "float32" },
  { op: "Gelu", inputs: [[6, 5]], attributes: { approximate: "tanh" }, type: "float32" },
  {
    op: "BatchNormalization",
    inputs: [[2, 3, 2, 2], [3], [3]],
    constants: (g, type) => [
      g.floats("mean", type, [3], () => [1, 2, 3]),
      g.floats("variance", type, [3], () => [1, 2, 3]),
    ],
    attributes: { epsilon: { float: 0.01 } },
  },
  { op: "LayerNormalization", inputs: [[2, 3, 4], [4], [4]] },
  {
    op: "LayerNormalization",
    inputs: [
      [2, 3, 4],
      [3, 4],
    ],
    attributes: { axis: 1, epsilon: { float: 0.1 } },
  },
  { op: "Flatten", inputs: [[2, 3, 2, 1]] },
  { op: "Squeeze", inputs: [[2, 1, 3, 1]], constants: (g) => [g.integers([1])] },
  { op: "Unsqueeze", inputs: [[2, 3]], constants: (g) => [g.integers([0, -1])] },
  {
    op: "Concat",
    inputs: [
      [2, 3, 2],
      [2, 1, 2],
    ],
    attributes: { axis: 1 },
  },
  {
    op: "Slice",
    inputs: [[7, 5, 2]],
    constants: (g) => [g.integers([1, -4]), g.integers([7, 100]), g.integers([0, 1]), g.integers([2, 3])],
  },
  { op: "Pad", inputs: [[2, 3]], constants: (g) => [g.integers([1, 0, 2, -1])] },
  {
    op: "Gather",
    inputs: [[2, 5, 2]],
    constants: (g) => [g.integers([3, 1, -2, 0])],
    attributes: { axis: 1 },
  },
  { op: "GlobalAveragePool", inputs: [[2, 3, 2, 3]] },
  ...[
    {},
    { pads: [1, 1, 1, 1] },
    { strides: [2, 2], pads: [1, 0, 1, 2] },
    { dilations: [2, 1], pads: [2, 1, 0, 0] },
    { strides: [2, 3] },
    { auto_pad: "SAME_UPPER", strides: [2, 2] },
  ].flatMap((attributes) => [
    { op: "Conv", inputs: [[2, 3, 6, 5], [4, 3, 3, 2], [4]], attributes },
    {
      op: "Conv",
      inputs: [
        [2, 4, 6, 5],
        [6, 2, 3, 2],
      ],
      attributes: { ...attributes, group: 2 },
    },
    { op: "Conv", inputs: [[2, 3, 6, 5], [3, 1, 3, 2], [3]], attributes: { ...attributes, group: 3 } },
  ]),
  {
    op: "Conv",
    inputs: [
      [2, 3, 4, 5],
      [4, 3, 1, 1],
    ],
    attributes: { strides: [2, 2] },
  },
  {
    op: "Conv",
    inputs: [
      [1, 2, 10, 9],
      [2, 1, 3, 3],
    ],
    attributes: { group: 2, pads: [1, 1, 1, 1] },
  },
  {
    op: "Conv",
    inputs: [
      [1, 2, 17, 9],
      [2, 1, 3, 3],
    ],
    attributes: { group: 2, pads: [1, 0, 1, 1], strides: [2, 2] },
  },
  ...["MaxPool", "AveragePool"].flatMap((op) => [
    { op, inputs: [[2, 2, 4, 6]], attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
    { op, inputs: [[2, 2, 5, 6]], attributes: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] } },
    { op, inputs: [[1, 2, 6, 5]], attributes: { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 } },
  ]),
  {
    op: "AveragePool",
    inputs: [[1, 2, 5, 5]],
    attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 },
  },
];

export function inWords({ op, inputs, attributes = {} }: Case): string {
  return `${op} of ${JSON.stringify(inputs)} ${JSON.stringify(attributes)}`;
}

/** True and false by turns */
function conditionOf(g: GraphBuilder, dims: readonly number[], type: ElementType): Value {
  const size = dims.reduce((product, dim) => product * dim, 1);
  const signs = g.floats("signs", type, dims, () => Array.from({ length: size }, (_, i) => (-1) ** i));
  return g.node("Greater", [signs, g.scalar(0, type)]);
}

/** A graph of L = Σ r · op(inputs), r fixed random numbers, and of the gradients of L. */
/** @returns a session of it, inputs for it, and their names */
export async function differentiated(
  engineName: string,
  { op, inputs, attributes, constants, positive, condition, type = "float64" }: Case & { type?: ElementType },
) {
  const g = new GraphBuilder(op === "Gelu" ? 20 : 17);
  const names = inputs.map((_, i) => `x${i}`);
  const values = inputs.map((dims, i) => g.input(names[i] as string, type, dims));
  const chosen = condition === undefined ? [] : [conditionOf(g, condition, type)];
  const y = g.node(op, [...chosen, ...values, ...(constants?.(g, type) ?? [])], attributes);
  const loss = g.sum(g.mul(y, g.initializer("r", numbers("r", y.dims, false, type))));
  const gradients = gradientsOf(g, loss, values);
  const graph = g.graph([
    ["loss", loss],
    ...gradients.map((gradient, i) => [`d.${names[i] ?? ""}`, gradient] as const),
  ]);
  const engine = await engineNamed(engineName);
  const session = await engine.load(serializeModel(loweredFor(engine, graph)), { threads: 1 });
  const feeds = Object.fromEntries(
    inputs.map((dims, i) => [`x${i}`, numbers(`x${i}`, dims, positive ?? false, type)]),
  );
  return { session, feeds, names };
}

function numbers(name: string, dims: readonly number[], positive: boolean, type: ElementType): Tensor {
  const random = randomFor("gradients", name);
  const size = dims.reduce((product, dim) => product * dim, 1);
  const data = Float64Array.from(
    { length: size },
    () => (0.2 + random()) * (positive || random() < 0.5 ? 1 : -1),
  );
  return { type, dims, data: type === "float64" ? data : Float32Array.from(data) };
}

/**
 * Tests that an engine which knows float32 only gives the gradients that `cpu` gives.
 *
 * @param tolerance of the largest error over the largest number, or over 1 where that is smaller
 */
export function gradientsOn(engineName: string, tolerance: number): void {
  test.for(gradientCases.map((one) => [inWords(one), one] as const))(
    `the gradient of %s on ${engineName} is that on cpu`,
    async ([, one]) => {
      const expected = await gradientsBy("cpu", one);
      const given = await gradientsBy(engineName, { ...one, type: "float32" });
      for (const [i, gradient] of expected.entries()) {
        const values = given[i] ?? [];
        expect(values).toHaveLength(gradient.length);
        const scale = Math.max(1, ...gradient.map(Math.abs));
        for (const [place, number] of gradient.entries())
          expect(Math.abs((values[place] ?? NaN) - number) / scale).toBeLessThan(tolerance);
      }
    },
  );
}

async function gradientsBy(engineName: string, one: Case): Promise<number[][]> {
  const { session, feeds, names } = await differentiated(engineName, one);
  const outputs = names.map((name) => `d.${name}`);
  const results = await session.run(feeds, outputs);
  await session.close();
  return outputs.map((name) => Array.from(results[name]?.data ?? [], Number));
}
