import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadBackbone } from "../../../shared/backbone/backbone.ts";
import { findBackbone } from "../../../shared/backbone/backbones.ts";
import { serializeModel } from "../../../shared/onnx/file.ts";
import type { Graph } from "../../../shared/onnx/graph.ts";
import { conv, longs, network, weight, type Link } from "./networks.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "backbone-"));
});
afterAll(() => rm(folder, { recursive: true }));

const tail: Link[] = [["GlobalAveragePool"], ["Flatten"], ["Gemm", [weight(5, 10)]]];

async function loaded(graph: Graph) {
  const path = join(folder, "own.onnx");
  await writeFile(path, serializeModel(graph));
  return loadBackbone(await findBackbone(path));
}

describe("the embedded backbone", () => {
  it("knows its preprocessing, its features and the tensors between its blocks", async () => {
    const backbone = await loadBackbone(await findBackbone("efficientnet-lite0"));
    expect(backbone).toMatchObject({
      name: "efficientnet-lite0",
      input: "input",
      spatial: "head",
      pooled: "pooled",
      features: 1280,
    });
    expect(backbone.blocks).toHaveLength(18);
    expect(backbone.preprocessing).toEqual({
      resize: 224,
      crop: 224,
      interpolation: "bilinear",
      mean: [127, 127, 127],
      std: [128, 128, 128],
      channels: "RGB",
      layout: "NCHW",
      assumed: false,
    });
  });

  it("is named where a name is nearly its own", async () => {
    await expect(findBackbone("efficientnet-lite")).rejects.toThrow(
      "expected efficientnet-lite0, resnet18, resnet34, resnet50, resnet101, resnet152 or the path of an .onnx file " +
        'for "--backbone" but got efficientnet-lite\n' +
        "  did you mean efficientnet-lite0?",
    );
  });
});

describe("a network from a file", () => {
  it("is called after the file, and known by its bytes", async () => {
    const { name, sha256, blocks } = await loaded(network([conv(5), ...tail]));
    expect(name).toBe("own");
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(blocks).toEqual([]);
  });

  it("is taken to want ImageNet's mean and deviation, and says that this is assumed", async () => {
    const { preprocessing } = await loaded(network([conv(5), ...tail]));
    expect(preprocessing).toMatchObject({ crop: 8, mean: [123.675, 116.28, 103.53], assumed: true });
  });

  it("may say its preprocessing in its metadata", async () => {
    const metadata = {
      preprocessing: JSON.stringify({ resize: 9, crop: 8, mean: [0, 0, 0], std: [255, 255, 255] }),
    };
    const { preprocessing } = await loaded(network([conv(5), ...tail], { metadata }));
    expect(preprocessing).toMatchObject({ resize: 9, crop: 8, std: [255, 255, 255], assumed: false });
  });

  it("may have its channels last and any batch size written into its input", async () => {
    const inputs = [{ name: "x", type: "float32" as const, dims: [1, 8, 8, 3] }];
    const links: Link[] = [["Transpose", [], { perm: [0, 3, 1, 2] }], conv(5), ...tail];
    const { preprocessing, features } = await loaded(network(links, { inputs }));
    expect(preprocessing).toMatchObject({ crop: 8, layout: "NHWC" });
    expect(features).toBe(5);
  });

  it.each<[string, Graph, RegExp]>([
    ["is no classifier", network([conv(5), ["Relu"]]), /expected a global pooling \(Glob.*choose a network/s],
    [
      "takes something else than photos",
      network([conv(5), ...tail], { inputs: [{ name: "x", type: "int64", dims: ["n", 77] }] }),
      /one input, float32 \[n, 3, side, side\].*but got x int64 \[n, 77\]/,
    ],
    [
      "takes photos that are not square",
      network([conv(5), ...tail], { inputs: [{ name: "x", type: "float32", dims: ["n", 3, 8, 16] }] }),
      /but got x float32 \[n, 3, 8, 16\]/,
    ],
    [
      "takes one photo at a time inside too",
      network([conv(5), ["GlobalAveragePool"], ["Reshape", [longs(1, 5)]], ["Gemm", [weight(5, 10)]]], {
        inputs: [{ name: "x", type: "float32", dims: [1, 3, 8, 8] }],
      }),
      /any number of photos at once.*one for 1 \(Reshape Reshape 2 says so\)/,
    ],
    [
      "says another size than it takes",
      network([conv(5), ...tail], {
        metadata: { preprocessing: '{"resize":9,"crop":9,"mean":[0,0,0],"std":[1,1,1]}' },
      }),
      /metadata "preprocessing" as JSON \{"resize", "crop": 8/,
    ],
    [
      "names blocks that it does not have",
      network([conv(5), ...tail], { metadata: { blocks: '["t0","t9"]' } }),
      /metadata "blocks" as a JSON list.*"t9"/,
    ],
  ])("is refused, with what was expected, where it %s", async (_, graph, message) => {
    await expect(loaded(graph)).rejects.toThrow(message);
  });

  it("is refused where it cannot be read", async () => {
    await expect(findBackbone(join(folder, "absent.onnx"))).rejects.toThrow(
      /a file that can be read.*ENOENT/,
    );
  });
});
