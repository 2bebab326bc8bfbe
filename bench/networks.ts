import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Backbone, loadBackbone } from "../shared/backbone/backbone.ts";
import { findBackbone } from "../shared/backbone/backbones.ts";
import { resNetGraph, type ResNet, resNets } from "../shared/backbone/resnet.ts";
import { serializeModel } from "../shared/onnx/file.ts";
import type { Tensor } from "../shared/onnx/graph.ts";
import { randomFor } from "../shared/random.ts";

/** A network, and the boundary before its last blocks. */
export interface BenchNetwork {
  readonly name: string;
  readonly backbone: Backbone;
  readonly boundary: string;
  /** of a map there, of a photo of 224 × 224 */
  readonly dims: readonly number[];
  /** what is behind the boundary, in words */
  readonly tail: string;
}

export const networkNames = ["lite0", "resnet50"] as const;

/**
 * @param side of the photos that resnet50 takes; left out: 224, as Lite0's file demands
 * @throws Error where there is no such network here
 */
export async function benchNetwork(name: string, side?: number): Promise<BenchNetwork> {
  if (name === "lite0") {
    const backbone = await loadBackbone(await findBackbone("efficientnet-lite0"));
    return { name, backbone, boundary: "block11", dims: [192, 7, 7], tail: "last 4 blocks" };
  }
  if (name === "resnet50") {
    const backbone = await randomResNet50(side);
    return { name, backbone, boundary: "layer3.5", dims: [1024, 14, 14], tail: "layer4" };
  }
  throw new Error(`bench: expected one of ${networkNames.join(", ")} as the network but got ${name}`);
}

/** Its speed does not depend on its weights, which are 100 MB to fetch. */
async function randomResNet50(side: number | undefined): Promise<Backbone> {
  const folder = await mkdtemp(path.join(tmpdir(), "bench-resnet50-"));
  try {
    const file = path.join(folder, "resnet50.onnx");
    await writeFile(file, serializeModel(resNetGraph(resNets["resnet50"] as ResNet, 1000, randomWeights)));
    return await loadBackbone({ name: "resnet50", path: file, sha256: "" }, side);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Numbers that keep the maps' scale through all blocks: each adds a little to what it is given. */
function randomWeights(name: string, dims: readonly number[]): Tensor {
  const length = dims.reduce((product, dim) => product * dim, 1);
  const data = new Float32Array(length);
  if (dims.length === 1)
    data.fill(
      name.endsWith("running_var") ? 1 : name.endsWith(".weight") ? (name.includes("bn3") ? 0.2 : 1) : 0,
    );
  else {
    const random = randomFor("bench", name);
    const range = Math.sqrt(6 / (length / (dims[0] ?? 1)));
    for (let i = 0; i < length; i++) data[i] = (2 * random() - 1) * range;
  }
  return { type: "float32", dims, data };
}

/** Maps with numbers between -1 and 1. */
export function randomMaps(count: number): Float32Array {
  const random = randomFor("bench", "maps");
  return Float32Array.from({ length: count }, () => 2 * random() - 1);
}

export function randomPixels(count: number): Uint8Array {
  const random = randomFor("bench", "pixels");
  return Uint8Array.from({ length: count }, () => 256 * random());
}
