import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { loadBackbone } from "../../../shared/backbone/backbone.ts";
import { findBackbone, type WeightsSource } from "../../../shared/backbone/backbones.ts";
import { builtBackbone, recordedBackbone } from "../../../shared/backbone/built.ts";
import { frozenGraph } from "../../../shared/backbone/frozen.ts";
import { resNets, type ResNet } from "../../../shared/backbone/resnet.ts";
import { cpuEngine } from "../../../shared/engine/onnxruntime.ts";
import { serializeModel } from "../../../shared/onnx/file.ts";
import { persistentFiles } from "../../folder.ts";
import { weightsServer } from "./weights-server.ts";

const at = persistentFiles();
const weights = fileURLToPath(new URL("golden/bottleneck.safetensors", import.meta.url));
const spec: ResNet = { block: "bottleneck", repeats: [1, 2, 1, 1], width: 2 };
const server = await weightsServer(() => readFileSync(weights));

let cache = "";
let lines: string[] = [];
beforeEach(({ task }) => {
  cache = at(task.id);
  lines = [];
});

function source(more: Partial<WeightsSource> = {}): WeightsSource {
  const bar = () => ({ advance: () => undefined, done: () => undefined });
  const progress = { line: (text: string) => void lines.push(text), bar };
  return { cache, progress, signal: new AbortController().signal, ...more };
}

describe("a residual network", () => {
  it("becomes an ONNX file in the cache, once, and the same bytes each time", async () => {
    const file = await builtBackbone("tiny", spec, source({ weights }));
    expect(file.path).toMatch(/backbones\/tiny-1-[0-9a-f]{64}\.onnx$/);
    const { mtimeMs } = statSync(file.path);
    expect(await builtBackbone("tiny", spec, source({ weights }))).toEqual(file);
    expect(statSync(file.path).mtimeMs).toBe(mtimeMs);
    expect(lines).toEqual([`building tiny from ${weights}`]);
    cache = join(cache, "another");
    const again = await builtBackbone("tiny", spec, source({ weights }));
    expect(again).toMatchObject({ name: "tiny", sha256: file.sha256 });
    expect(readdirSync(join(cache, "backbones"))).toHaveLength(2);
  });

  it("is read as any backbone: ImageNet's mean, the recipe's size, blocks, features before and after the pooling", async () => {
    const backbone = await loadBackbone(await builtBackbone("tiny", spec, source({ weights })));
    expect(backbone).toMatchObject({
      ...{ input: "input", spatial: "layer4.0", pooled: "pooled", features: 64 },
      blocks: ["stem", "layer1.0", "layer2.0", "layer2.1", "layer3.0", "layer4.0"].map((name) => ({
        ...{ name, tensor: name, counted: name !== "stem" },
      })),
    });
    expect(backbone.preprocessing).toEqual({
      ...{ resize: 224, crop: 224, interpolation: "bilinear", channels: "RGB", layout: "NCHW" },
      ...{ mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375], source: "metadata" },
    });
    const session = await cpuEngine().load(serializeModel(frozenGraph(backbone, "spatial")), {
      threads: 1,
    });
    const image = { type: "uint8" as const, dims: [1, 224, 224, 3], data: new Uint8Array(224 * 224 * 3) };
    const { features } = await session.run({ image }, ["features"]);
    await session.close();
    expect(features?.dims).toEqual([1, 64, 7, 7]);
  });

  it("is known by the digest that it was built with, without building it", async () => {
    expect(await recordedBackbone("tiny", { weights, cache })).toBeNull();
    expect(await recordedBackbone("resnet50", { cache })).toBeNull();
    const { sha256 } = await builtBackbone("tiny", spec, source({ weights }));
    expect(await recordedBackbone("tiny", { weights, cache })).toBe(sha256);
    expect(lines).toHaveLength(1);
  });

  it("is built anew where its file is damaged", async () => {
    const file = await builtBackbone("tiny", spec, source({ weights }));
    const bytes = readFileSync(file.path);
    truncateSync(file.path, 100);
    expect(await builtBackbone("tiny", spec, source({ weights }))).toEqual(file);
    expect(readFileSync(file.path).equals(bytes)).toBe(true);
  });

  it("is built from the published weights, which are not read again", async () => {
    vi.stubEnv("HF_ENDPOINT", server.address);
    const file = await builtBackbone("tiny", spec, source());
    expect(server.requests.map(({ path }) => path)).toEqual([
      "/timm/tiny.tv_in1k/resolve/main/model.safetensors",
    ]);
    const kept = join(cache, "backbones", "tiny.safetensors");
    writeFileSync(kept, "damaged");
    expect(await builtBackbone("tiny", spec, source())).toEqual(file);
    truncateSync(file.path, 100);
    await expect(builtBackbone("tiny", spec, source())).rejects.toThrow(
      /expected sha256 .*tiny.safetensors" but got [0-9a-f]{64}\n {2}remove the file, so that it is fetched again, or give/,
    );
    vi.unstubAllEnvs();
  });

  it("leaves nothing behind where its weights are another network's", async () => {
    await expect(findBackbone("resnet50", source({ weights }))).rejects.toThrow(
      /expected \[64, 3, 7, 7\] for "conv1.weight" but got \[2, 3, 7, 7\] in .*bottleneck.safetensors\n.*resnet50\(\)/,
    );
    expect(readdirSync(join(cache, "backbones"))).toEqual([]);
  });
});

describe("--weights", () => {
  it("names a file that can be read", async () => {
    await expect(findBackbone("resnet50", source({ weights: "absent.safetensors" }))).rejects.toThrow(
      /a safetensors file that can be read for "--weights absent.safetensors" but got ENOENT/,
    );
  });

  it("belongs to a residual network", async () => {
    await expect(findBackbone("efficientnet-lite0", source({ weights }))).rejects.toThrow(
      `expected one of ${Object.keys(resNets).join(", ")} as the backbone for "--weights ${weights}" but got efficientnet-lite0`,
    );
  });
});
