import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { Backbone } from "../../../shared/backbone/backbone.ts";
import { engineNamed } from "../../../shared/engine/engines.ts";
import { parseModel, serializeModel } from "../../../shared/onnx/file.ts";
import type { ElementType, Graph, Tensor } from "../../../shared/onnx/graph.ts";
import { newHead } from "../../../shared/training/head.ts";
import type { Head } from "../../../shared/training/head.ts";
import { loweredForOnnxruntime } from "../../../shared/training/lowering/onnxruntime.ts";
import { adamW } from "../../../shared/training/optimizer.ts";
import { withParameters } from "../../../shared/training/parameters.ts";
import { trainingStep } from "../../../shared/training/step.ts";
import { tailGraph, tuned } from "../../../shared/training/tail.ts";
import type { Tail, TailOptions } from "../../../shared/training/tail.ts";

/** Made by scripts/training-tail-golden.py in PyTorch, float64. Numbers are base64. */
interface Golden {
  boundary: string;
  blocks: string[];
  dims: number[];
  features: number;
  batch: number;
  classes: number;
  learningRate: number;
  blockRate: number;
  decay: number;
  epsilon: number;
  labelSmoothing: number;
  head: Record<string, string>;
  steps: { x: string; labels: number[]; loss: number }[];
  final: Record<string, string>;
}

const cases = [
  { name: "lite", batchNormalisation: "frozen", type: "float64", digits: 9 },
  { name: "resnet", batchNormalisation: "trained", type: "float64", digits: 9 },
  // onnxruntime's Erf knows float32 only.
  { name: "transformer", batchNormalisation: "frozen", type: "float32", digits: 4 },
] as const;

test.for(cases.map((one) => [one.name, one] as const))(
  "whole steps of a small %s give PyTorch's losses and parameters",
  async ([, one]) => {
    const { golden, tail } = await opened(one.name, one.type, one);
    const { losses, parameters } = await trained(golden, tail, one.type);
    for (const [i, { loss }] of golden.steps.entries()) expect(losses[i]).toBeCloseTo(loss, one.digits);
    expect([...parameters.keys()].sort()).toEqual(Object.keys(golden.final).sort());
    for (const [name, packed] of Object.entries(golden.final)) {
      const values = Array.from(parameters.get(name)?.data ?? [], Number);
      const expected = doubles(packed);
      expect(values).toHaveLength(expected.length);
      const worst = Math.max(...values.map((value, i) => Math.abs(value - (expected[i] ?? NaN))));
      expect(worst, name).toBeLessThan(10 ** -one.digits);
    }
  },
);

test.for(["frozen", "trained"] as const)(
  "with batch normalisation %s, the tuned network's file gives what the trained tail gave",
  async (batchNormalisation) => {
    const { golden, tail, backbone, head } = await opened("lite", "float32", { batchNormalisation });
    const { parameters } = await trained(golden, tail, "float32");
    const result = tuned(backbone, tail, head, parameters);
    const x = floats(golden.steps[0]?.x ?? "", [golden.batch, ...golden.dims], "float32");
    const direct = await logitsOf(withParameters(tail.graph, parameters), { [tail.input]: x });

    const again = tailGraph(
      result.backbone,
      golden.boundary,
      golden.dims,
      { ...head, graph: result.head },
      { batchNormalisation },
    );
    const whole = await logitsOf(again.graph, { [again.input]: x });
    expect(whole).toEqual(direct);

    // The network's own file, from the pixels on, still runs and was changed by training.
    const pixels = { type: "float32", dims: [1, 3, 14, 14], data: new Float32Array(588).fill(0.5) } as const;
    const [before, after] = await Promise.all(
      [backbone, result.backbone].map(({ graph }) => run(graph, { input: pixels }, "pooled")),
    );
    expect(after).toHaveLength(golden.features);
    expect(after).not.toEqual(before);
  },
);

test("a folded tail gives the same logits as the network with its batch normalisation", async () => {
  const { golden, tail } = await opened("lite", "float32", { batchNormalisation: "frozen" });
  const { tail: unfolded } = await opened("lite", "float32", { batchNormalisation: "trained" });
  expect(tail.graph.nodes.map(({ op }) => op)).not.toContain("BatchNormalization");
  expect(unfolded.graph.nodes.map(({ op }) => op)).toContain("BatchNormalization");
  const x = { [tail.input]: floats(golden.steps[0]?.x ?? "", [golden.batch, ...golden.dims], "float32") };
  const [one, other] = [await logitsOf(tail.graph, x), await logitsOf(unfolded.graph, x)];
  for (const [i, value] of one.entries()) expect(value).toBeCloseTo(other[i] ?? NaN, 5);
});

test("the lowered tail gives what onnxruntime's own operators give", async () => {
  const { golden, tail } = await opened("resnet", "float32", { batchNormalisation: "frozen" });
  const x = { [tail.input]: floats(golden.steps[0]?.x ?? "", [golden.batch, ...golden.dims], "float32") };
  const own = await logitsOf(tail.graph, x);
  const bound = {
    ...tail.graph,
    inputs: tail.graph.inputs.map((port) => ({ ...port, dims: [golden.batch, ...golden.dims] })),
  };
  const lowered = await logitsOf(loweredForOnnxruntime(bound), x);
  for (const [i, value] of lowered.entries()) expect(value).toBeCloseTo(own[i] ?? NaN, 5);
});

test("parameters are grouped by block, in order, and what is frozen is in no group", async () => {
  const { tail } = await opened("transformer", "float32", { batchNormalisation: "frozen" });
  expect(tail.blocks.map(({ name }) => name)).toEqual(["block0", "pooled"]);
  expect(tail.blocks[0]?.weights).toEqual(
    ["patches", "block0.qkv", "block0.out", "block0.wide", "block0.narrow"].map(
      (layer) => `network.${layer}.weight`,
    ),
  );
  expect(tail.blocks[0]?.biases).toContain("network.token");
  expect(tail.blocks[1]).toMatchObject({ weights: [], norms: ["network.norm.weight", "network.norm.bias"] });
});

test("a boundary that something passes by is an error that names it", async () => {
  await expect(
    opened("resnet", "float32", { batchNormalisation: "frozen" }, "/block1/first/first.0/Conv_output_0"),
  ).rejects.toThrow("expected a tensor through which everything passes on its way to the features");
});

async function opened(name: string, type: ElementType, options: TailOptions, boundary?: string) {
  const folder = new URL("golden/", import.meta.url);
  const golden = JSON.parse(await readFile(new URL(`${name}.json`, folder), "utf8")) as Golden;
  const graph = inType(parseModel(await readFile(new URL(`${name}.onnx`, folder))), type);
  const backbone: Backbone = {
    ...{ name, sha256: "", graph, input: "input", spatial: null, pooled: "pooled" },
    ...{ features: golden.features, blocks: ["boundary", ...golden.blocks] },
    preprocessing: {
      ...{ resize: 16, crop: 16, interpolation: "bilinear", mean: [0, 0, 0], std: [1, 1, 1] },
      ...{ channels: "RGB", layout: "NCHW", assumed: false },
    },
  };
  const fresh = newHead({
    ...{ kind: "linear", features: golden.features, classes: golden.classes, seed: 0 },
    ...{ standardisation: null, opset: graph.opset },
  });
  const given = new Map(
    [...fresh.graph.initializers].map(([key, { dims }]) => [
      key,
      { type: "float64" as const, dims, data: Float64Array.from(doubles(golden.head[key] ?? "")) },
    ]),
  );
  const head: Head = { ...fresh, graph: inType(withParameters(fresh.graph, given), type) };
  return {
    golden,
    backbone,
    head,
    tail: tailGraph(backbone, boundary ?? golden.boundary, golden.dims, head, options),
  };
}

async function trained(golden: Golden, tail: Tail, type: ElementType) {
  const groups = [
    ...tail.blocks.map((block) => ({ block, rate: golden.blockRate })),
    { block: tail.head, rate: 1 },
  ];
  const { graph, state } = trainingStep(tail.graph, {
    batch: golden.batch,
    groups: groups.flatMap(({ block, rate }) => [
      { parameters: block.weights, rate, decay: golden.decay },
      { parameters: [...block.biases, ...block.norms], rate, decay: 0 },
    ]),
    optimizer: adamW({ epsilon: golden.epsilon }),
    labelSmoothing: golden.labelSmoothing,
  });
  const session = await (
    await engineNamed("cpu")
  ).load(serializeModel(loweredForOnnxruntime(graph)), { threads: 1 });
  let now = new Map(state.map(({ input, initial }) => [input, initial]));
  const losses: number[] = [];
  for (const [i, { x, labels }] of golden.steps.entries()) {
    const results = await session.run(
      {
        ...Object.fromEntries(now),
        [tail.input]: floats(x, [golden.batch, ...golden.dims], type),
        targets: tensor(
          [golden.batch, golden.classes],
          labels.flatMap((label) => oneHot(label, golden.classes)),
          type,
        ),
        weights: tensor(
          [golden.batch, 1],
          labels.map(() => 1),
          type,
        ),
        learningRate: tensor([], [golden.learningRate], type),
        step: tensor([], [i + 1], type),
      },
      ["loss", ...state.map(({ output }) => output)],
    );
    losses.push(Number(results["loss"]?.data[0]));
    now = new Map(state.map(({ input, output }) => [input, results[output] as Tensor]));
  }
  await session.close();
  const moments = /\.(mean|square)$/;
  return { losses, parameters: new Map([...now].filter(([name]) => !moments.test(name))) };
}

async function logitsOf(graph: Graph, feeds: Record<string, Tensor>): Promise<number[]> {
  return run(graph, feeds, "logits");
}

async function run(graph: Graph, feeds: Record<string, Tensor>, output: string): Promise<number[]> {
  const outputs = [{ name: output, type: "float32" as const, dims: [] }];
  const session = await (
    await engineNamed("cpu")
  ).load(serializeModel({ ...graph, outputs }), { threads: 1 });
  const results = await session.run(feeds, [output]);
  await session.close();
  return Array.from(results[output]?.data ?? [], Number);
}

function oneHot(label: number, classes: number): number[] {
  return Array.from({ length: classes }, (_, c) => (c === label ? 1 : 0));
}

function doubles(packed: string): number[] {
  const bytes = new Uint8Array(Buffer.from(packed, "base64"));
  return Array.from(new Float64Array(bytes.buffer));
}

function floats(packed: string, dims: number[], type: ElementType): Tensor {
  const bytes = new Uint8Array(Buffer.from(packed, "base64"));
  return tensor(dims, Array.from(new Float32Array(bytes.buffer)), type);
}

function tensor(dims: readonly number[], numbers: readonly number[], type: ElementType): Tensor {
  return { type, dims, data: type === "float64" ? Float64Array.from(numbers) : Float32Array.from(numbers) };
}

/** The graph with its floats in another type. */
function inType(graph: Graph, type: ElementType): Graph {
  const isFloat = (other: ElementType) => other === "float32" || other === "float64";
  const turned = (value: Tensor): Tensor =>
    isFloat(value.type) ? tensor(value.dims, Array.from(value.data as Float64Array), type) : value;
  const ports = (all: Graph["inputs"]) => all.map((port) => ({ ...port, type }));
  return {
    ...graph,
    inputs: ports(graph.inputs),
    outputs: ports(graph.outputs),
    nodes: graph.nodes.map((node) => ({
      ...node,
      attributes: Object.fromEntries(
        Object.entries(node.attributes).map(([key, value]) => [
          key,
          typeof value === "object" && "dims" in value
            ? turned(value)
            : node.op === "Cast" && (value === 11 || value === 1)
              ? type === "float64"
                ? 11
                : 1
              : value,
        ]),
      ),
    })),
    initializers: new Map([...graph.initializers].map(([name, value]) => [name, turned(value)])),
  };
}
