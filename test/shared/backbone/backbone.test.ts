import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadBackbone } from "../../../shared/backbone/backbone.ts";
import { digestOfBackbone, findBackbone } from "../../../shared/backbone/backbones.ts";
import { outputShapes } from "../../../shared/backbone/shapes.ts";
import { serializeModel } from "../../../shared/onnx/file.ts";
import type { GivenNormalisation } from "../../../shared/options.ts";
import type { Graph } from "../../../shared/onnx/graph.ts";
import { conv, longs, network, weight, type Link } from "./networks.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "backbone-"));
});
afterAll(() => rm(folder, { recursive: true }));

const tail: Link[] = [["GlobalAveragePool"], ["Flatten"], ["Gemm", [weight(5, 10)]]];

/** A network with what lies beside it, in a folder of its own. */
async function beside(graph: Graph, config: object | null, normalisation?: GivenNormalisation) {
  const place = await mkdtemp(join(folder, "beside-"));
  const path = join(place, "network.onnx");
  await writeFile(path, serializeModel(graph));
  if (config !== null) await writeFile(join(place, "preprocessor_config.json"), JSON.stringify(config));
  const file = await findBackbone(path, undefined, { normalisation });
  return { file, backbone: () => loadBackbone(file), digest: digestOfBackbone(file) };
}

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
      source: "metadata",
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
    expect(preprocessing).toMatchObject({ crop: 8, mean: [123.675, 116.28, 103.53], source: "assumed" });
  });

  it("may say its preprocessing in its metadata", async () => {
    const metadata = {
      preprocessing: JSON.stringify({ resize: 9, crop: 8, mean: [0, 0, 0], std: [255, 255, 255] }),
    };
    const { preprocessing } = await loaded(network([conv(5), ...tail], { metadata }));
    expect(preprocessing).toMatchObject({ resize: 9, crop: 8, std: [255, 255, 255], source: "metadata" });
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

describe("what a network wants of pixels", () => {
  const plain = network([conv(5), ...tail]);
  const rescaling = network([
    ["Mul", [{ type: "float32", dims: [], data: Float32Array.of(1 / 255) }]],
    conv(5),
    ...tail,
  ]);
  const half = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5], size: { height: 8, width: 8 } };
  const unit = JSON.stringify({ resize: 8, crop: 8, mean: [0, 0, 0], std: [255, 255, 255] });
  const said = { ...plain, metadata: { preprocessing: unit } };
  const halves = [127.5, 127.5, 127.5];

  it.each<[string, Graph, object | null, GivenNormalisation | undefined, object]>([
    [
      "assumed where nothing tells",
      plain,
      null,
      undefined,
      { source: "assumed", std: [58.395, 57.12, 57.375] },
    ],
    ["seen in its graph", rescaling, null, undefined, { source: "graph", mean: [0, 0, 0], std: [1, 1, 1] }],
    [
      "read beside it",
      plain,
      half,
      undefined,
      { source: "preprocessor_config.json", mean: halves, std: halves },
    ],
    ["in its metadata before that", said, half, undefined, { source: "metadata", std: [255, 255, 255] }],
    ["given before all", said, half, "half", { source: "--normalisation", mean: halves, std: halves }],
    ["given before what is seen", rescaling, half, "imagenet", { source: "--normalisation" }],
  ])("is %s", async (_, graph, config, given, expected) => {
    const { backbone } = await beside(graph, config, given);
    expect((await backbone()).preprocessing).toMatchObject(expected);
  });

  it("is asked for where the graph and the file beside it would both normalise, and each flag named decides", async () => {
    const { backbone } = await beside(rescaling, half);
    await expect(backbone()).rejects.toThrow(
      /one normalisation of pixels for .*got two: .*127\.5.*preprocessor_config\.json.*begins with Mul.*\n {2}--normalisation none .*--normalisation half/,
    );
    for (const flag of ["none", "half"] as const)
      expect((await (await beside(rescaling, half, flag)).backbone()).preprocessing.source).toBe(
        "--normalisation",
      );
  });

  it("is one thing where the graph and the file beside it agree", async () => {
    const { backbone } = await beside(rescaling, { do_rescale: false, do_normalize: false });
    expect((await backbone()).preprocessing).toMatchObject({
      std: [1, 1, 1],
      source: "preprocessor_config.json",
    });
  });

  it("is remarked on where a flag overrules what the network shows", async () => {
    const remarks = async (graph: Graph) => (await (await beside(graph, null, "half")).backbone()).remarks;
    expect(await remarks(rescaling)).toEqual([
      "its graph begins with Mul, which rescales pixels itself: made for pixels of 0 to 255, which --normalisation none gives it",
    ]);
    expect((await remarks(said))[0]).toMatch(/metadata says otherwise: .*pixels of 0 to 1/);
    expect(await remarks(plain)).toEqual([]);
  });

  it("counts in the network's key where it lies in a file beside it, and only where that is asked", async () => {
    const { file, digest } = await beside(plain, null);
    expect(digest).toBe(file.sha256);
    expect((await beside(plain, half)).digest).not.toBe(digest);
    expect((await beside(plain, { ...half, image_std: 1 })).digest).not.toBe(
      (await beside(plain, half)).digest,
    );
    expect((await beside(plain, half, "imagenet")).digest).toBe(digest);
    expect((await beside(said, half)).digest).toBe((await beside(said, null)).digest);
  });
});

describe("a network that takes photos of any size", () => {
  const inputs = [{ name: "x", type: "float32" as const, dims: ["n", "c", "h", "w"] }];
  const open = network([conv(5), ...tail], { inputs });

  it("is given 224 pixels, which is said, or what is asked for", async () => {
    const { file, backbone } = await beside(open, null);
    expect(await backbone()).toMatchObject({
      preprocessing: { crop: 224 },
      remarks: [expect.stringContaining("224 × 224 pixels assumed, --input-size")],
    });
    expect((await loadBackbone(file, 96)).preprocessing).toMatchObject({ resize: 96, crop: 96 });
  });

  it("passes on the size that a preprocessor_config.json tells of, as flags", async () => {
    const { file } = await beside(open, { size: { shortest_edge: 40 }, crop_size: 32 });
    expect((await loadBackbone(file, 64)).remarks).toContain(
      "preprocessor_config.json says photos of 32 × 32 pixels, cut out of photos whose shorter side is 40: --input-size 32 --resize 40",
    );
    expect((await loadBackbone(file)).preprocessing).toMatchObject({ resize: 40, crop: 32 });
  });

  it("says which flag helps where its weights fit one size only", async () => {
    const places = network([conv(5), ["Add", [weight(1, 5, 16, 16)]], ...tail], { inputs });
    const { file } = await beside(places, null);
    await expect(outputShapes(await loadBackbone(file, 64))).rejects.toThrow(
      /size that its weights fit for "network" but got 64 × 64 pixels \(Add node.*--input-size N/s,
    );
    expect((await outputShapes(await loadBackbone(file, 32))).get("logits")).toEqual([1, 10]);
  });
});
