import { expect, test } from "vitest";
import { engineNamed } from "../../../shared/engine/engines.ts";
import { serializeModel } from "../../../shared/onnx/file.ts";
import type { Graph, Tensor } from "../../../shared/onnx/graph.ts";
import { randomFor } from "../../../shared/random.ts";
import { adopt } from "../../../shared/training/adopt.ts";
import { GraphBuilder } from "../../../shared/training/builder.ts";
import type { Attributes } from "../../../shared/training/builder.ts";
import { compositions } from "../../../shared/training/compositions.ts";

/** An operator on a map [2, 6, 5, 4]: what it becomes must give what onnxruntime gives for the operator itself. */
interface Case {
  op: string;
  /** further inputs, constant; "" is one that is left out */
  more?: readonly (Tensor | "")[];
  attributes?: Attributes;
  opset?: number;
}

const cases: Case[] = [
  { op: "Dropout" },
  { op: "Mish", opset: 18 },
  { op: "GlobalMaxPool" },
  { op: "GlobalMaxPool", opset: 18 },
  { op: "ReduceL2", attributes: { axes: [1], keepdims: 1 } },
  { op: "ReduceL2", attributes: { axes: [-1, 2], keepdims: 0 } },
  { op: "ReduceL2", more: [integers([1, 2])], opset: 18 },
  { op: "InstanceNormalization", more: [floats("scale", [6]), floats("bias", [6])] },
  {
    op: "GroupNormalization",
    more: [floats("scale", [3]), floats("bias", [3])],
    attributes: { num_groups: 3, epsilon: { float: 0.1 } },
    opset: 18,
  },
  {
    op: "GroupNormalization",
    more: [floats("scale", [6]), floats("bias", [6])],
    attributes: { num_groups: 2 },
    opset: 21,
  },
  ...["floor", "ceil", "round_prefer_floor", "round_prefer_ceil"].map((nearest_mode) => ({
    op: "Resize",
    more: ["", "", integers([2, 6, 8, 3])] as const,
    attributes: { mode: "nearest", nearest_mode },
  })),
  ...["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"].flatMap((mode) =>
    ["linear", "cubic"].map((interpolation) => ({
      op: "Resize",
      more: ["", "", integers([2, 6, 3, 9])] as const,
      attributes: { mode: interpolation, coordinate_transformation_mode: mode },
    })),
  ),
  {
    op: "Resize",
    more: ["", { type: "float32", dims: [4], data: Float32Array.from([1, 1, 1.7, 2]) }],
    attributes: { mode: "linear" },
  },
];

test.for(cases.map((one) => [inWords(one), one] as const))("%s becomes what it is", async ([, one]) => {
  const graph = graphOf(one);
  const expected = await run(graph);
  const g = new GraphBuilder(graph.opset);
  const [y] = adopt(g, graph, {}, new Set());
  if (y === undefined) throw new Error("an output");
  const taken = g.graph([["result", y]]);
  expect(taken.nodes.map(({ op }) => op)).not.toContain(one.op);
  const result = await run(taken);
  expect(result.dims).toEqual(expected.dims);
  for (const [i, value] of result.data.entries()) expect(value).toBeCloseTo(Number(expected.data[i]), 4);
});

test("every operator that becomes others has a case here", () => {
  expect(Object.keys(compositions).filter((op) => !cases.some((one) => one.op === op))).toEqual([]);
});

test("what Resize cannot do is an error that names the node", () => {
  const graph = graphOf({
    op: "Resize",
    more: ["", "", integers([2, 6, 8, 3])],
    attributes: { antialias: 1 },
  });
  expect(() => adopt(new GraphBuilder(18), graph, {}, new Set())).toThrow(
    'training: expected no antialias for "one" (Resize) but got it',
  );
});

function graphOf({ op, more = [], attributes = {}, opset = 17 }: Case): Graph {
  const names = more.map((tensor, i) => (tensor === "" ? "" : `c${i}`));
  return {
    ...{ opset, metadata: {} },
    inputs: [{ name: "x", type: "float32", dims: [2, 6, 5, 4] }],
    outputs: [{ name: "y", type: "float32", dims: [] }],
    nodes: [{ op, name: "one", inputs: ["x", ...names], outputs: ["y"], attributes }],
    initializers: new Map(more.flatMap((tensor, i) => (tensor === "" ? [] : [[`c${i}`, tensor] as const]))),
  };
}

async function run(graph: Graph): Promise<Tensor> {
  const engine = await engineNamed("cpu");
  const session = await engine.load(serializeModel(graph), { threads: 1 });
  const output = graph.outputs[0]?.name ?? "";
  const results = await session.run({ x: floats("x", [2, 6, 5, 4]) }, [output]);
  await session.close();
  return results[output] as Tensor;
}

function inWords({ op, attributes = {}, opset = 17 }: Case): string {
  return `${op} ${JSON.stringify(attributes)} of operator set ${opset}`;
}

function floats(name: string, dims: number[]): Tensor {
  const random = randomFor("compositions", name);
  const size = dims.reduce((product, dim) => product * dim, 1);
  return { type: "float32", dims, data: Float32Array.from({ length: size }, () => 2 * random() - 1) };
}

function integers(numbers: number[]): Tensor {
  return { type: "int64", dims: [numbers.length], data: BigInt64Array.from(numbers, BigInt) };
}
