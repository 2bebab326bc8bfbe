import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { engineNamed } from "../../../shared/engine/engines.ts";
import { serializeModel } from "../../../shared/onnx/file.ts";
import type { Graph, Tensor } from "../../../shared/onnx/graph.ts";
import { renamed } from "../../../shared/onnx/subgraph.ts";
import { newHead } from "../../../shared/training/head.ts";
import { loweredForOnnxruntime } from "../../../shared/training/lowering/onnxruntime.ts";
import { adamW } from "../../../shared/training/optimizer.ts";
import { trainingStep } from "../../../shared/training/step.ts";
import type { TrainingStep } from "../../../shared/training/step.ts";

/** Made by scripts/training-step-golden.py in PyTorch, float64. */
interface Golden {
  rows: number;
  features: number;
  classes: number;
  cases: Case[];
}

interface Case {
  head: string;
  optimizer: string;
  decay: number;
  labelSmoothing: number;
  clip?: number;
  average?: number;
  mean: number[];
  deviation: number[];
  initial: Record<string, number[]>;
  steps: { x: number[]; labels: number[]; weights: number[]; learningRate: number; loss: number }[];
  final: Record<string, number[]>;
  averages: Record<string, number[]>;
}

const golden = JSON.parse(await readFile(new URL("golden/step.json", import.meta.url), "utf8")) as Golden;
const { rows, features, classes } = golden;

test.for(golden.cases.map((one) => [inWords(one), one] as const))(
  "whole steps of %s give PyTorch's losses and parameters",
  async ([, one]) => {
    const head = newHead({
      kind: one.head,
      features,
      classes,
      seed: 0,
      standardisation: { mean: new Float32Array(features), deviation: new Float32Array(features) },
      opset: 17,
    });
    const given = { ...one.initial, "head.mean": one.mean, "head.deviation": one.deviation };
    const { graph, state } = trainingStep(inFloat64(head.graph, given), {
      batch: rows,
      groups: [
        { parameters: head.weights, rate: 1, decay: one.decay },
        { parameters: head.biases, rate: 1, decay: 0 },
      ],
      optimizer: adamW(),
      labelSmoothing: one.labelSmoothing,
      clip: one.clip ?? null,
      average: one.average ?? null,
    });
    const session = await (await engineNamed("cpu")).load(serializeModel(graph), { threads: 1 });
    let now = Object.fromEntries(state.map(({ input, initial }) => [input, initial]));
    const outputs = ["loss", ...state.map(({ output }) => output)];
    for (const [i, { x, labels, weights, learningRate, loss }] of one.steps.entries()) {
      const results = await session.run(
        {
          ...now,
          features: tensor([rows, features], x),
          targets: tensor([rows, classes], labels.flatMap(oneHot)),
          weights: tensor([rows, 1], weights),
          learningRate: tensor([], [learningRate]),
          step: tensor([], [i + 1]),
        },
        outputs,
      );
      expect(Number(results["loss"]?.data[0])).toBeCloseTo(loss, 12);
      now = Object.fromEntries(state.map(({ input, output }) => [input, results[output] as Tensor]));
    }
    const averages = Object.entries(one.averages).map(
      ([name, values]) => [`${name}.average`, values] as const,
    );
    for (const [name, values] of [...Object.entries(one.final), ...averages]) {
      const trained = Array.from(now[name]?.data ?? [], Number);
      expect(trained).toHaveLength(values.length);
      for (const [i, value] of values.entries()) expect(trained[i]).toBeCloseTo(value, 10);
    }
    await session.close();
  },
);

test("the state says what is a parameter, what a moment and what an average", () => {
  const { graph, weights } = linear();
  const { state } = trainingStep(graph, { ...options(weights, 1), average: 0.5 });
  expect(state.map(({ kind, parameter, input }) => [kind, parameter, input])).toEqual([
    ["parameter", "head.weight", "head.weight"],
    ["moment", "head.weight", "head.weight.mean"],
    ["moment", "head.weight", "head.weight.square"],
    ["average", "head.weight", "head.weight.average"],
  ]);
});

test("a network may call its tensors what a step calls its own", async () => {
  const { graph, weights } = linear();
  const plain = trainingStep(graph, options(weights, 1));
  const names = [
    "targets",
    "weights",
    "step",
    "learningRate",
    "loss",
    "head.weight.next",
    "head.weight.mean",
  ];
  const strange = trainingStep(withTensorsNamed(graph, names), options(weights, 1));
  expect(strange.state).toEqual(plain.state);
  expect(strange.graph.inputs).toEqual(plain.graph.inputs);
  expect(await movedTo(strange, weights)).toEqual(await movedTo(plain, weights));
});

test("a parameter keeps its name where a step has one of its own like it, and the step says what its own is then", async () => {
  const { graph, weights } = linear();
  const plain = trainingStep(graph, options(weights, 1));
  const called = renamed(graph, (name) => (name === "head.weight" ? "targets" : name));
  const strange = trainingStep(called, options(["targets"], 1));
  expect(strange.state.map(({ input }) => input)).toEqual(["targets", "targets.mean", "targets.square"]);
  expect(strange.names.targets).toBe("targets_");
  expect(await movedTo(strange, ["targets"])).toEqual(await movedTo(plain, weights));
});

test("a group's rate scales its parameters' first step", async () => {
  const moved = await Promise.all([1, 0.25].map(firstMove));
  expect(moved[1]).toBeCloseTo((moved[0] ?? 0) / 4, 12);
});

test("an operator without a rule is named before anything runs", () => {
  const { graph, weights } = linear();
  const nodes = [
    ...graph.nodes,
    { op: "Identity", name: "end", inputs: ["logits"], outputs: ["out"], attributes: {} },
  ];
  const strange = nodes.map((node) =>
    node.name === "end" ? { ...node, op: "AveragePoolGradient", attributes: { input_shape: [2, 3] } } : node,
  );
  const forward = {
    ...graph,
    nodes: strange,
    outputs: [{ name: "out", type: "float32" as const, dims: ["n", 3] }],
  };
  expect(() => trainingStep(forward, options(weights, 1))).toThrow(
    'training: expected an operator with a gradient rule for "end" but got AveragePoolGradient',
  );
});

test("the step of a part of a network trains the named parameters and leaves the others constant", () => {
  const { graph, weights } = linear();
  const step = trainingStep(graph, options(weights, 1));
  expect(step.state.map(({ input }) => input)).toEqual([
    "head.weight",
    "head.weight.mean",
    "head.weight.square",
  ]);
  expect([...step.graph.initializers.keys()]).toContain("head.bias");
});

async function firstMove(rate: number): Promise<number> {
  const head = linear();
  const forward = inFloat64(head.graph, {});
  const { graph, state } = trainingStep(forward, options(head.weights, rate));
  const session = await (await engineNamed("cpu")).load(serializeModel(graph), { threads: 1 });
  const results = await session.run(
    {
      ...Object.fromEntries(state.map(({ input, initial }) => [input, initial])),
      features: tensor([2, 2], [1, 2, 3, 4]),
      targets: tensor([2, 3], [1, 0, 0, 0, 1, 0]),
      weights: tensor([2, 1], [1, 1]),
      learningRate: tensor([], [0.1]),
      step: tensor([], [1]),
    },
    ["head.weight.next"],
  );
  await session.close();
  return (
    Number(results["head.weight.next"]?.data[0]) - Number(forward.initializers.get("head.weight")?.data[0])
  );
}

/** The first parameter after a step. */
async function movedTo({ graph, names, state }: TrainingStep, [parameter = ""]: readonly string[]) {
  const session = await (
    await engineNamed("cpu")
  ).load(serializeModel(loweredForOnnxruntime(graph)), { threads: 1 });
  const float = (dims: number[], numbers: number[]): Tensor => {
    return { type: "float32", dims, data: Float32Array.from(numbers) };
  };
  const results = await session.run(
    {
      ...Object.fromEntries(state.map(({ input, initial }) => [input, initial])),
      features: float([2, 2], [1, 2, 3, 4]),
      [names.targets]: float([2, 3], [1, 0, 0, 0, 1, 0]),
      [names.weights]: float([2, 1], [1, 1]),
      [names.learningRate]: float([], [0.1]),
      [names.step]: float([], [1]),
    },
    [names.loss, `${parameter}.next`],
  );
  await session.close();
  return [results[names.loss]?.data, results[`${parameter}.next`]?.data];
}

/** The graph with a chain of further tensors before its output that change nothing. */
function withTensorsNamed(graph: Graph, names: readonly string[]): Graph {
  const chain = ["features.in", ...names];
  const nodes = names.map((name, i) => {
    return { op: "Identity", name, inputs: [chain[i] ?? ""], outputs: [name], attributes: {} };
  });
  const inner = graph.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map((input) => (input === "features" ? (names.at(-1) ?? "") : input)),
  }));
  const first = {
    op: "Identity",
    name: "in",
    inputs: ["features"],
    outputs: ["features.in"],
    attributes: {},
  };
  return { ...graph, nodes: [first, ...nodes, ...inner] };
}

function inWords({ head, optimizer, clip, average }: Case): string {
  const clipped = clip === undefined ? "" : `, gradients clipped to ${clip}`;
  return `${head} by ${optimizer}${clipped}${average === undefined ? "" : ", averaged"}`;
}

function linear() {
  return newHead({ kind: "linear", features: 2, classes: 3, seed: 1, standardisation: null, opset: 17 });
}

function options(parameters: readonly string[], rate: number) {
  return { batch: 2, groups: [{ parameters, rate, decay: 0 }], optimizer: adamW(), labelSmoothing: 0 };
}

function oneHot(label: number): number[] {
  return Array.from({ length: classes }, (_, c) => (c === label ? 1 : 0));
}

function tensor(dims: number[], numbers: readonly number[]): Tensor {
  return { type: "float64", dims, data: Float64Array.from(numbers) };
}

function inFloat64(graph: Graph, values: Readonly<Record<string, readonly number[]>>): Graph {
  const ports = (all: Graph["inputs"]) => all.map((port) => ({ ...port, type: "float64" as const }));
  const initializers = [...graph.initializers].map(
    ([name, { dims, data }]) => [name, tensor([...dims], values[name] ?? Array.from(data, Number))] as const,
  );
  return {
    ...graph,
    inputs: ports(graph.inputs),
    outputs: ports(graph.outputs),
    initializers: new Map(initializers),
  };
}
