import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadBackbone } from "../../../shared/backbone/backbone.ts";
import type { Backbone } from "../../../shared/backbone/backbone.ts";
import { engineNamed } from "../../../shared/engine/engines.ts";
import { serializeModel } from "../../../shared/onnx/file.ts";
import type { Graph, Tensor } from "../../../shared/onnx/graph.ts";
import { adopt } from "../../../shared/training/adopt.ts";
import { GraphBuilder } from "../../../shared/training/builder.ts";
import { newHead } from "../../../shared/training/head.ts";
import { loweredFor } from "../../../shared/training/lowering/lowered.ts";
import { withParameters } from "../../../shared/training/parameters.ts";
import { stepped } from "./steps.ts";
import { tailGraph } from "../../../shared/training/tail.ts";
import type { Tail } from "../../../shared/training/tail.ts";

/** Made by scripts/make-family-goldens.py in PyTorch, float64. */
interface Golden {
  dims: number[];
  /** bytes, base64: (byte - 128) / 64 goes in */
  pixels: string;
  output: number[];
  features: number;
  classes: number;
  learningRate: number;
  blockRate: number;
  decay: number;
  epsilon: number;
  labelSmoothing: number;
  head: Record<string, number[]>;
  steps: { labels: number[]; loss: number }[];
  /** for each of torch's exporters, parameters by their names in its file: every so-manieth number */
  final: Record<Exporter, Record<string, { every: number; values: number[] }>>;
}

/** torch.onnx.export with dynamo=False, operator set 17, and with dynamo=True, operator set 18 */
type Exporter = "older" | "newer";

const families = [
  ...["efficientnet-lite", "resnet", "mobilenet-v2", "mobilenet-v3", "convnext"].map((name) => ({
    name,
    spatial: true,
  })),
  ...["vit", "vit-timm", "dinov2", "dinov2-registers", "kin"].map((name) => ({ name, spatial: false })),
];

const cases = families.flatMap((family) =>
  (["older", "newer"] as const).map((exporter) => [family.name, exporter, family.spatial] as const),
);

/** How far an engine may be from PyTorch. */
export interface FamilyTolerances {
  /** the largest error of a network's output over the largest number of it */
  readonly forward: number;
  /** the largest error of a loss, and of a parameter after three steps; left out: that is not tested */
  readonly training?: number;
}

/** Tests that an engine runs and trains every family as PyTorch does. */
export function familiesOn(engineName: string, { forward, training }: FamilyTolerances): void {
  test.for(cases)("the features of %s by the %s exporter are found", async ([name, exporter, spatial]) => {
    const { backbone, golden } = await opened(name, exporter);
    expect(backbone.features).toBe(golden.features);
    expect(backbone.spatial !== null).toBe(spatial);
  });

  test.for(cases)(`${engineName} runs %s by the %s exporter as PyTorch does`, async ([name, exporter]) => {
    const { backbone, golden } = await opened(name, exporter);
    const output = await outputOf(engineName, backbone.graph, pixelsOf(golden));
    expect(relativeError(output, golden.output)).toBeLessThan(forward);
  });

  if (training === undefined) return;

  test.for(cases)(`${engineName} runs %s by the %s exporter lowered`, async ([name, exporter]) => {
    const { backbone, golden } = await opened(name, exporter);
    const lowered = loweredFor(await engineNamed(engineName), bound(backbone.graph, golden.dims));
    const output = await outputOf(engineName, lowered, pixelsOf(golden));
    expect(relativeError(output, golden.output)).toBeLessThan(forward);
  });

  test.for(cases)(
    `all of %s by the %s exporter trains on ${engineName} as in PyTorch`,
    async ([name, exporter]) => {
      const { backbone, golden } = await opened(name, exporter);
      const { losses, parameters } = await trained(engineName, backbone, golden);
      for (const [i, { loss }] of golden.steps.entries())
        expect(Math.abs((losses[i] ?? NaN) - loss), `loss ${i}`).toBeLessThan(training);
      expect([...parameters.keys()].sort()).toEqual(Object.keys(golden.final[exporter]).sort());
      for (const [parameter, { every, values }] of Object.entries(golden.final[exporter])) {
        const all = Array.from(parameters.get(parameter)?.data ?? [], Number);
        const errors = values.map((value, i) => Math.abs((all[i * every] ?? NaN) - value));
        expect(Math.max(...errors), parameter).toBeLessThan(training);
      }
    },
  );
}

async function opened(name: string, exporter: Exporter): Promise<{ backbone: Backbone; golden: Golden }> {
  const folder = new URL("golden/families/", import.meta.url);
  const path = fileURLToPath(new URL(`${name}.${exporter}.onnx`, folder));
  const golden = JSON.parse(await readFile(new URL(`${name}.json`, folder), "utf8")) as Golden;
  return { backbone: await loadBackbone({ name, path, sha256: "" }), golden };
}

/** The graph for a fixed number of photos, what follows from that computed. */
function bound(graph: Graph, dims: readonly number[]): Graph {
  const g = new GraphBuilder(graph.opset);
  const fixed = { ...graph, inputs: graph.inputs.map((port) => ({ ...port, dims })) };
  const outputs = adopt(g, fixed, {}, new Set());
  return g.graph(outputs.map((output) => ["result", output] as const));
}

async function outputOf(engineName: string, graph: Graph, x: Tensor): Promise<number[]> {
  const engine = await engineNamed(engineName);
  const session = await engine.load(serializeModel(graph), { threads: 1 });
  const [input, output] = [graph.inputs[0]?.name ?? "", graph.outputs[0]?.name ?? ""];
  const results = await session.run({ [input]: x }, [output]);
  await session.close();
  return Array.from(results[output]?.data ?? [], Number);
}

async function trained(engineName: string, backbone: Backbone, golden: Golden) {
  const fresh = newHead({
    ...{ kind: "linear", features: golden.features, classes: golden.classes, seed: 0 },
    ...{ standardisation: null, opset: backbone.graph.opset },
  });
  const initial = [...fresh.graph.initializers].map(
    ([name, { dims }]) => [name, floats(dims, golden.head[name] ?? [])] as const,
  );
  const head = { ...fresh, graph: withParameters(fresh.graph, new Map(initial)) };
  const tail = tailGraph(backbone, backbone.input, golden.dims.slice(1), head, {
    batchNormalisation: "frozen",
  });
  const batches = golden.steps.map(({ labels }) => ({ x: pixelsOf(golden), labels }));
  const { losses, parameters } = await stepped(engineName, tail, golden, batches, "float32");
  return {
    losses,
    parameters: new Map([...parameters].map(([name, value]) => [ownName(tail, name), value])),
  };
}

/** The new head's parameters without what was put before them: timm's own classifier is called "head". */
function ownName({ head, headPrefix }: Tail, name: string): string {
  return [...head.weights, ...head.biases].includes(name) ? name.slice(headPrefix.length) : name;
}

function pixelsOf({ dims, pixels }: Golden): Tensor {
  return floats(
    dims,
    Array.from(Buffer.from(pixels, "base64"), (byte) => (byte - 128) / 64),
  );
}

function floats(dims: readonly number[], numbers: readonly number[]): Tensor {
  return { type: "float32", dims, data: Float32Array.from(numbers) };
}

function relativeError(values: readonly number[], expected: readonly number[]): number {
  expect(values).toHaveLength(expected.length);
  const errors = values.map((value, i) => Math.abs(value - (expected[i] ?? NaN)));
  return Math.max(...errors) / Math.max(...expected.map(Math.abs));
}
