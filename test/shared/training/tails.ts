import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { Backbone } from "../../../shared/backbone/backbone.ts";
import { parseModel } from "../../../shared/onnx/file.ts";
import type { ElementType, Graph, Tensor } from "../../../shared/onnx/graph.ts";
import { newHead } from "../../../shared/training/head.ts";
import type { Head } from "../../../shared/training/head.ts";
import { withParameters } from "../../../shared/training/parameters.ts";
import { stepped, tensor } from "./steps.ts";
import { tailGraph } from "../../../shared/training/tail.ts";
import type { Tail, TailOptions } from "../../../shared/training/tail.ts";

/** Made by scripts/training-tail-golden.py in PyTorch, float64. Numbers are base64. */
export interface Golden {
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

const float32Digits = 4;

const cases = [
  { name: "lite", batchNormalisation: "frozen", type: "float64", digits: 9 },
  { name: "resnet", batchNormalisation: "trained", type: "float64", digits: 9 },
  // onnxruntime's Erf knows float32 only.
  { name: "transformer", batchNormalisation: "frozen", type: "float32", digits: float32Digits },
] as const;

/**
 * Tests that whole training steps on an engine end where PyTorch's end.
 *
 * @param only the element type, on an engine that knows no other
 */
export function stepsOn(engineName: string, only?: ElementType): void {
  test.for(cases.map((one) => [one.name, one] as const))(
    `whole steps of a small %s on ${engineName} give PyTorch's losses and parameters`,
    async ([, one]) => {
      const [type, digits] = only === undefined ? [one.type, one.digits] : [only, float32Digits];
      const { golden, tail } = await opened(one.name, type, one);
      const { losses, parameters } = await trained(engineName, golden, tail, type);
      for (const [i, { loss }] of golden.steps.entries()) expect(losses[i]).toBeCloseTo(loss, digits);
      expect([...parameters.keys()].sort()).toEqual(Object.keys(golden.final).sort());
      for (const [name, packed] of Object.entries(golden.final)) {
        const values = Array.from(parameters.get(name)?.data ?? [], Number);
        const expected = doubles(packed);
        expect(values).toHaveLength(expected.length);
        const worst = Math.max(...values.map((value, i) => Math.abs(value - (expected[i] ?? NaN))));
        expect(worst, name).toBeLessThan(10 ** -digits);
      }
    },
  );
}

export async function opened(name: string, type: ElementType, options: TailOptions, boundary?: string) {
  const folder = new URL("golden/", import.meta.url);
  const golden = JSON.parse(await readFile(new URL(`${name}.json`, folder), "utf8")) as Golden;
  const graph = inType(parseModel(await readFile(new URL(`${name}.onnx`, folder))), type);
  const backbone: Backbone = {
    ...{ name, sha256: "", graph, input: "input", spatial: null, pooled: "pooled" },
    ...{ features: golden.features, blocks: ["boundary", ...golden.blocks].map(block) },
    remarks: [],
    preprocessing: {
      ...{ resize: 16, crop: 16, interpolation: "bilinear", mean: [0, 0, 0], std: [1, 1, 1] },
      ...{ channels: "RGB", layout: "NCHW", source: "metadata" },
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

function block(name: string): Backbone["blocks"][number] {
  return { name, tensor: name, counted: true };
}

export function trained(engineName: string, golden: Golden, tail: Tail, type: ElementType) {
  const dims = [golden.batch, ...golden.dims];
  const batches = golden.steps.map(({ x, labels }) => ({ x: floats(x, dims, type), labels }));
  return stepped(engineName, tail, golden, batches, type);
}

function doubles(packed: string): number[] {
  const bytes = new Uint8Array(Buffer.from(packed, "base64"));
  return Array.from(new Float64Array(bytes.buffer));
}

export function floats(packed: string, dims: number[], type: ElementType): Tensor {
  const bytes = new Uint8Array(Buffer.from(packed, "base64"));
  return tensor(dims, Array.from(new Float32Array(bytes.buffer)), type);
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
