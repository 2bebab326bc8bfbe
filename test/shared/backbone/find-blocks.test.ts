import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadBackbone, type Backbone } from "../../../shared/backbone/backbone.ts";
import { findBackbone } from "../../../shared/backbone/backbones.ts";
import { blocksIn, boundaryOf } from "../../../shared/backbone/boundary.ts";
import { findBlocks } from "../../../shared/backbone/find-blocks.ts";
import { frozenGraph } from "../../../shared/backbone/frozen.ts";
import { resNetGraph, resNets } from "../../../shared/backbone/resnet.ts";
import { cpuEngine } from "../../../shared/engine/onnxruntime.ts";
import { serializeModel } from "../../../shared/onnx/file.ts";
import type { Graph, Tensor } from "../../../shared/onnx/graph.ts";
import { renamed } from "../../../shared/onnx/subgraph.ts";
import { newHead } from "../../../shared/training/head.ts";
import { tailGraph } from "../../../shared/training/tail.ts";
import { conv, network, weight } from "./networks.ts";

/**
 * Blocks of scripts/make-family-goldens.py's networks, and how many parameters PyTorch counts in each of these modules, batch
 * normalisation folded into the convolutions (`named_parameters` behind the script's `fold`).
 */
const families: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "efficientnet-lite": { "_blocks.0": 848, "_blocks.1": 3240, "_blocks.2": 5424, "_blocks.3": 3248 },
  resnet: { "layer1.0": 1528, "layer2.0": 1552, "layer2.1": 1136, "layer3.0": 6048, "layer4.0": 23872 },
  "mobilenet-v2": {
    ...{ "features.1": 152, "features.2": 856, "features.3": 2080, "features.4": 2080, "features.5": 2080 },
  },
  "mobilenet-v3": { "features.1": 296, "features.2": 856, "features.3": 4448 },
  convnext: { "features.1.0": 976, "features.3.0": 2976, "features.3.1": 2976, "features.5.0": 6000 },
  vit: { "encoder.layers.encoder_layer_0": 2224, "encoder.layers.encoder_layer_1": 2224 },
  "vit-timm": { "blocks.0": 3280, "blocks.1": 3280 },
  dinov2: { "blocks.0": 3312, "blocks.1": 3312 },
  "dinov2-registers": { "blocks.0": 3312, "blocks.1": 3312 },
};
const files = Object.keys(families).flatMap((name) => [`${name}.older`, `${name}.newer`]);

test.each(files)("the blocks of %s are the network's own, with PyTorch's parameters", async (file) => {
  const backbone = await family(file);
  const expected = families[file.split(".")[0] ?? ""] ?? {};
  expect(blocksIn(backbone).map(({ name }) => name)).toEqual(Object.keys(expected));
  const parameters = parametersOf(backbone);
  for (const [name, count] of Object.entries(expected)) expect(parameters.get(name), name).toBe(count);
});

test.each(files)("where nothing in %s has a name, the blocks are the same", async (file) => {
  const backbone = await family(file);
  expect(unnamed(backbone)).toEqual(backbone.blocks.map(({ tensor, counted }) => ({ tensor, counted })));
});

test.each(files)("what %s makes of a photo passes through every boundary", async (file) => {
  const backbone = await family(file);
  const { crop } = backbone.preprocessing;
  const photos = { type: "uint8", dims: [2, crop, crop, 3], data: bytes(6 * crop * crop) } as const;
  const pooled = await run(frozenGraph(backbone, "pooled"), { image: photos });
  for (const { name, tensor } of backbone.blocks) {
    const map = await run(frozenGraph(backbone, name), { image: photos });
    const from = { node: tensor, dims: map.dims.slice(1) };
    const again = await run(frozenGraph(backbone, "pooled", from), { activations: map });
    const expected = Array.from(pooled.data, Number);
    const errors = Array.from(again.data, Number).map((value, i) => Math.abs(value - (expected[i] ?? NaN)));
    expect(Math.max(...errors), name).toBeLessThan(1e-5);
  }
});

test.each(files)("--unfreeze takes the blocks of %s by number and by name", async (file) => {
  const backbone = await family(file);
  const blocks = blocksIn(backbone);
  expect(boundaryOf(backbone, "1")).toBe(boundaryOf(backbone, blocks.at(-1)?.name ?? ""));
  expect(boundaryOf(backbone, "2")).toBe(boundaryOf(backbone, blocks.at(-2)?.name ?? ""));
  expect(boundaryOf(backbone, String(blocks.length))).toBe(backbone.blocks[0]?.tensor);
});

test("without its metadata, the embedded backbone has the same blocks", async () => {
  const backbone = await loadBackbone(await findBackbone("efficientnet-lite0"));
  expect(findBlocks(backbone.graph, backbone)).toEqual(backbone.blocks);
  expect(unnamed(backbone)).toEqual(backbone.blocks.map(({ tensor, counted }) => ({ tensor, counted })));
});

test.each(Object.entries(resNets))("without its metadata, %s has the same blocks", (name, spec) => {
  const graph = resNetGraph(spec, 10, (_, dims) => ({ type: "float32", dims, data: new Float32Array(2) }));
  const named = JSON.parse(graph.metadata["blocks"] ?? "") as string[];
  const ends = { input: "input", spatial: named.at(-1) ?? null, pooled: "pooled" };
  const expected = named.map((tensor) => ({ name: tensor, tensor, counted: tensor !== "stem" }));
  expect(findBlocks(graph, ends), name).toEqual(expected);
  expect(unnamed({ graph, ...ends })).toEqual(expected.map(({ tensor, counted }) => ({ tensor, counted })));
});

test("a network without branches is taken layer by layer, activations and poolings with the layer before them", () => {
  const graph = network([
    conv(4),
    ["Relu"],
    ["Conv", [weight(6, 4, 1, 1)]],
    ["Relu"],
    ["MaxPool", [], { kernel_shape: [2, 2], strides: [2, 2] }],
    ["Conv", [weight(5, 6, 1, 1)]],
    ["Relu"],
    ["GlobalAveragePool"],
    ["Flatten"],
    ["Gemm", [weight(5, 3)]],
  ]);
  const nameless = renamed(graph, (name) => name.replace(".", ":"));
  expect(findBlocks(nameless, { input: "x", spatial: "t6", pooled: "t8" })).toEqual([
    { name: "stem", tensor: "t1", counted: false },
    { name: "block0", tensor: "t4", counted: true },
    { name: "block1", tensor: "t6", counted: true },
  ]);
});

async function family(file: string): Promise<Backbone> {
  const path = fileURLToPath(new URL(`../training/golden/families/${file}.onnx`, import.meta.url));
  return loadBackbone({ name: file, path, sha256: "" });
}

/** By block, of the whole network with a head on it. */
function parametersOf(backbone: Backbone): Map<string, number> {
  const { crop } = backbone.preprocessing;
  const head = newHead({
    ...{ kind: "linear", features: backbone.features, classes: 2, seed: 0 },
    ...{ standardisation: null, opset: backbone.graph.opset },
  });
  const { graph, blocks } = tailGraph(backbone, backbone.input, [3, crop, crop], head, {
    batchNormalisation: "frozen",
  });
  return new Map(
    blocks.map(({ name, weights, biases, norms }) => {
      const tensors = [...weights, ...biases, ...norms].map((each) => graph.initializers.get(each));
      return [name, tensors.reduce((sum, tensor) => sum + (tensor?.data.length ?? 0), 0)];
    }),
  );
}

/** Blocks of the same graph under numbers for names, by the tensors' own names. */
function unnamed({
  graph,
  input,
  spatial,
  pooled,
}: Pick<Backbone, "graph" | "input" | "spatial" | "pooled">) {
  const numbers = new Map<string, string>();
  const number = (name: string) => {
    const given = numbers.get(name) ?? String(numbers.size);
    numbers.set(name, given);
    return given;
  };
  const anonymous = renamed(graph, number, () => "");
  const found = findBlocks(anonymous, {
    ...{ input: number(input), pooled: number(pooled) },
    spatial: spatial === null ? null : number(spatial),
  });
  const names = new Map([...numbers].map(([name, given]) => [given, name]));
  return found.map(({ tensor, counted }) => ({ tensor: names.get(tensor), counted }));
}

async function run(graph: Graph, inputs: Record<string, Tensor>): Promise<Tensor> {
  const session = await cpuEngine().load(serializeModel(graph), { threads: 1 });
  const { features } = await session.run(inputs, ["features"]);
  await session.close();
  if (features === undefined) throw new Error("no features");
  return features;
}

function bytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 97) % 251);
}
