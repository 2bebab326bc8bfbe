import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { resNetGraph, resNets, type ResNet } from "../../../shared/backbone/resnet.ts";
import { parseSafetensors } from "../../../shared/backbone/safetensors.ts";
import { stateDict } from "../../../shared/backbone/state-dict.ts";
import { cpuEngine } from "../../../shared/engine/onnxruntime.ts";
import { serializeModel } from "../../../shared/onnx/file.ts";
import type { Graph } from "../../../shared/onnx/graph.ts";
import { pixels } from "./formula.ts";

const folder = new URL("golden/", import.meta.url);

interface Golden {
  readonly tiny: Readonly<
    Record<ResNet["block"], { width: number; layers: ResNet["repeats"]; side: number; logits: number[][] }>
  >;
  readonly real: Readonly<Record<string, { parameters: number; shapes: string }>>;
}
const golden = JSON.parse(readFileSync(new URL("resnet.json", folder), "utf8")) as Golden;

/** The tiny network of which the golden has torchvision's logits. */
function tiny(block: ResNet["block"], change?: (stored: ReturnType<typeof parseSafetensors>) => void): Graph {
  const { width, layers } = golden.tiny[block];
  const path = `${block}.safetensors`;
  const stored = parseSafetensors(readFileSync(new URL(path, folder)), path);
  change?.(stored);
  const weights = stateDict(stored, "tiny", path);
  const graph = resNetGraph({ block, width, repeats: layers }, 5, weights.take);
  weights.finish();
  return graph;
}

/** Names and dimensions of the tensors that a network of a spec asks for; no weights are made. */
function asked(spec: ResNet): Map<string, readonly number[]> {
  const dimsOf = new Map<string, readonly number[]>();
  resNetGraph(spec, 1000, (name, dims) => {
    dimsOf.set(name, dims);
    return { type: "float32", dims, data: new Float32Array(0) };
  });
  return dimsOf;
}

describe("a residual network", () => {
  it.each(["basic", "bottleneck"] as const)("of %s blocks gives torchvision's logits", async (block) => {
    const { side, logits } = golden.tiny[block];
    const session = await cpuEngine().load(serializeModel(tiny(block)), { threads: 1 });
    const results = await session.run({ input: pixels(side) }, ["logits"]);
    await session.close();
    const expected = logits.flat();
    const largest = Math.max(...expected.map(Math.abs));
    const given = results["logits"]?.data as Float32Array;
    const differences = expected.map((value, i) => Math.abs(value - (given[i] as number)));
    expect(Math.max(...differences) / largest).toBeLessThan(1e-5);
    expect(given).toHaveLength(expected.length);
  });

  it.each(Object.keys(golden.real))("%s has torchvision's tensors, by name and shape", (name) => {
    const dimsOf = asked(resNets[name] as ResNet);
    const lines = [...dimsOf].map(([key, dims]) => `${key} ${dims.join("x")}`).sort();
    expect(createHash("sha256").update(lines.join("\n")).digest("hex")).toBe(golden.real[name]?.shapes);
    const trained = [...dimsOf].filter(([key]) => !key.includes(".running_"));
    const count = trained.reduce((sum, [, dims]) => sum + dims.reduce((product, dim) => product * dim), 0);
    expect(count).toBe(golden.real[name]?.parameters);
  });

  it("has names that say where a node and a tensor are", () => {
    const { nodes, metadata } = tiny("bottleneck");
    expect(JSON.parse(metadata["blocks"] ?? "")).toEqual([
      ...["stem", "layer1.0", "layer2.0", "layer2.1", "layer3.0", "layer4.0"],
    ]);
    const inBlock = nodes.filter(({ name }) => name.startsWith("layer2.0."));
    expect(inBlock.map(({ name }) => name.slice("layer2.0.".length))).toEqual([
      ...["conv1", "bn1", "relu1", "conv2", "bn2", "relu2", "conv3", "bn3"],
      ...["downsample.0", "downsample.1", "add", "relu"],
    ]);
    expect(inBlock.at(-1)?.outputs).toEqual(["layer2.0"]);
    expect(nodes.slice(-3).map(({ op, outputs }) => [op, ...outputs])).toEqual([
      ["GlobalAveragePool", "avgpool"],
      ["Flatten", "pooled"],
      ["Gemm", "logits"],
    ]);
  });
});

describe("weights that are not the network's", () => {
  const without = (name: string) => () => tiny("bottleneck", (stored) => void stored.delete(name));

  it("are refused by the first tensor that is missing", () => {
    expect(without("layer1.0.conv2.weight")).toThrow(
      'backbone: expected [2, 2, 3, 3] for "layer1.0.conv2.weight" but got none in bottleneck.safetensors\n' +
        "  tiny takes the tensors of torchvision.models.tiny().state_dict()",
    );
  });

  it("are refused by the first tensor of another shape", () => {
    const change = () =>
      tiny("basic", (stored) => {
        const bias = stored.get("fc.bias");
        if (bias !== undefined) stored.set("bn1.weight", bias);
      });
    expect(change).toThrow(/^backbone: expected \[2\] for "bn1.weight" but got \[5\] in basic/);
  });

  it("are refused where they hold more than the network has: those of a deeper one", () => {
    const change = () =>
      tiny("basic", (stored) => {
        const bias = stored.get("fc.bias");
        if (bias !== undefined) stored.set("layer1.2.bn1.bias", bias);
      });
    expect(change).toThrow(/^backbone: expected none for "layer1.2.bn1.bias" but got \[5\]/);
  });

  it("are refused where they are whole numbers", () => {
    const change = () =>
      tiny("basic", (stored) => {
        const bias = stored.get("fc.bias");
        if (bias !== undefined) stored.set("fc.bias", { ...bias, dtype: "I32" });
      });
    expect(change).toThrow(/^backbone: expected F32, F16 or BF16 for "fc.bias" but got I32 in basic/);
  });
});
