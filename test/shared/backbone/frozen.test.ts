import { beforeAll, describe, expect, it } from "vitest";
import { loadBackbone, type Backbone } from "../../../shared/backbone/backbone.ts";
import { findBackbone } from "../../../shared/backbone/backbones.ts";
import { classifierGraph } from "../../../shared/backbone/classifier.ts";
import { frozenGraph } from "../../../shared/backbone/frozen.ts";
import { cpuEngine } from "../../../shared/engine/onnxruntime.ts";
import { serializeModel } from "../../../shared/onnx/file.ts";
import type { Graph, Tensor } from "../../../shared/onnx/graph.ts";
import { randomFor } from "../../../shared/random.ts";
import { conv, network, weight } from "./networks.ts";

const side = 224;
const photo = side * side * 3;
const photos = 4;
const random = randomFor("pixels");
const pixels = Uint8Array.from({ length: photos * photo }, () => Math.floor(random() * 256));

let backbone: Backbone;
beforeAll(async () => {
  backbone = await loadBackbone(await findBackbone("efficientnet-lite0"));
});

function images(from: number, to: number): Tensor {
  return {
    type: "uint8",
    dims: [to - from, side, side, 3],
    data: pixels.subarray(from * photo, to * photo),
  };
}

async function ran(graph: Graph, feed: Tensor, output: string, threads = 1): Promise<Float32Array> {
  const session = await cpuEngine().load(serializeModel(graph), { threads });
  const results = await session.run({ [graph.inputs[0]?.name ?? ""]: feed }, [output]);
  await session.close();
  return results[output]?.data as Float32Array;
}

/** What the file's own input takes: planes of (pixel - 127) / 128. */
function normalised(): Tensor {
  const data = new Float32Array(pixels.length);
  for (let n = 0; n < photos; n++)
    for (let i = 0; i < side * side; i++)
      for (let c = 0; c < 3; c++)
        data[n * photo + c * side * side + i] = ((pixels[n * photo + i * 3 + c] as number) - 127) / 128;
  return { type: "float32", dims: [photos, 3, side, side], data };
}

describe("the frozen graph", () => {
  it.each(["pooled", "spatial", "block12", "block3/depthwise/bn"])(
    "makes of pixels what the file makes of normalised ones: %s",
    async (node) => {
      const tensor = node === "spatial" ? "head" : node;
      const whole = { ...backbone.graph, outputs: [{ name: tensor, type: "float32" as const, dims: [] }] };
      const expected = await ran(whole, normalised(), tensor);
      const features = await ran(frozenGraph(backbone, node), images(0, photos), "features");
      expect(features.length).toBe(expected.length);
      expect(largestDifference(features, expected)).toBeLessThan(1e-5);
    },
  );

  it("makes the same bits of a photo whatever the batch and the number of threads", async () => {
    const graph = frozenGraph(backbone, "pooled");
    const together = await ran(graph, images(0, photos), "features");
    const twoThreads = await ran(graph, images(0, photos), "features", 2);
    expect(Buffer.compare(Buffer.from(twoThreads.buffer), Buffer.from(together.buffer))).toBe(0);
    const alone = await ran(graph, images(3, 4), "features", 2);
    expect(alone).toEqual(together.subarray(3 * 1280));
  });

  it("holds nothing that its output does not need", () => {
    const graph = frozenGraph(backbone, "block0");
    expect(graph.inputs).toEqual([{ name: "image", type: "uint8", dims: ["n", side, side, 3] }]);
    expect(graph.nodes.filter(({ op }) => op === "Conv")).toHaveLength(3);
    expect([...graph.initializers.keys()].filter((name) => /block[1-9]|head|classifier/.test(name))).toEqual(
      [],
    );
  });

  it("is found by a node's name as well as by its tensor's", () => {
    for (const [node, tensor] of [
      ["block4/add", "block4"],
      ["head/clip", "spatial"],
    ] as const)
      expect(frozenGraph(backbone, node).nodes).toEqual(frozenGraph(backbone, tensor).nodes);
  });

  it("names the nearest node where there is none of a name", () => {
    expect(() => frozenGraph(backbone, "block3/deptwise/conv")).toThrow(
      /expected pooled, spatial or the name of a node of efficientnet-lite0.*did you mean block3\/depthwise\/conv\?/s,
    );
  });
});

describe("a stranger's graph that uses our names", () => {
  const links = [conv(5), ["GlobalAveragePool"], ["Flatten"], ["Gemm", [weight(5, 10)]]] as const;
  const small = (graph: Graph, input: string, pooled: string): Backbone => ({
    ...backbone,
    graph,
    input,
    pooled,
    spatial: null,
    features: 5,
    preprocessing: { ...backbone.preprocessing, crop: 8 },
  });
  const image: Tensor = { type: "uint8", dims: [1, 8, 8, 3], data: pixels.subarray(0, 192) };

  it("gives the same features as under other names", async () => {
    const plain = network(links);
    const text = JSON.stringify(plain.nodes).replaceAll('"x"', '"image"').replaceAll('"t0"', '"features"');
    const clashing: Graph = {
      ...plain,
      inputs: [{ name: "image", type: "float32", dims: ["n", 3, 8, 8] }],
      nodes: JSON.parse(text) as Graph["nodes"],
    };
    const expected = await ran(frozenGraph(small(plain, "x", "t2"), "pooled"), image, "features");
    expect(await ran(frozenGraph(small(clashing, "image", "t2"), "pooled"), image, "features")).toEqual(
      expected,
    );
  });

  it("does not offer a map before the pooling where there is no pooling", () => {
    expect(() => frozenGraph(small(network(links), "x", "t2"), "spatial")).toThrow(
      /expected pooled or the name/,
    );
  });

  it("does not offer a node that makes whole numbers", () => {
    const graph = network([...links.slice(0, 2), ["Shape"]]);
    expect(() => frozenGraph(small(graph, "x", "t1"), "logits")).toThrow(/that makes float32.*makes int64/);
  });
});

describe("the whole classifier", () => {
  it("gives the softmax of its head on the pooled features", async () => {
    const head = network(
      [
        ["MatMul", [weight(1280, 3)]],
        ["Add", [weight(3)]],
      ],
      {
        inputs: [{ name: "features", type: "float32", dims: ["n", 1280] }],
        outputs: [{ name: "logits", type: "float32", dims: ["n", 3] }],
      },
    );
    const named: Graph = {
      ...head,
      nodes: head.nodes.map((node) => ({
        ...node,
        inputs: node.inputs.map((i) => (i === "x" ? "features" : i)),
      })),
    };
    const classifier = classifierGraph(
      backbone,
      { head: named, temperature: 1 },
      { labels: '["a","b","c"]' },
    );
    expect(classifier.metadata).toEqual({ labels: '["a","b","c"]' });
    expect(classifier.outputs).toEqual([{ name: "probabilities", type: "float32", dims: ["n", 3] }]);
    const probabilities = await ran(classifier, images(0, photos), "probabilities");
    const features = await ran(frozenGraph(backbone, "pooled"), images(0, photos), "features");
    const pooled: Tensor = { type: "float32", dims: [photos, 1280], data: features };
    const logits = await ran(named, pooled, "logits");
    for (let n = 0; n < photos; n++) {
      const row = [...logits.subarray(n * 3, n * 3 + 3)].map(Math.exp);
      const sum = row.reduce((a, b) => a + b);
      for (const [c, value] of row.entries()) expect(probabilities[n * 3 + c]).toBeCloseTo(value / sum, 5);
    }
  });

  it("refuses a head whose operators mean something else in the backbone's operator set", () => {
    const head = network([["Softmax"]], { opset: 11 });
    expect(() => classifierGraph(backbone, { head, temperature: 1 }, {})).toThrow(
      "a head of opset 11 with Softmax",
    );
  });
});

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (b[i] as number))), 0);
}
