import { expect, test } from "vitest";
import { engineNamed } from "../../../shared/engine/engines.ts";
import { serializeModel } from "../../../shared/onnx/file.ts";
import type { Graph, Tensor } from "../../../shared/onnx/graph.ts";
import { loweredForOnnxruntime } from "../../../shared/training/lowering/onnxruntime.ts";
import { withParameters } from "../../../shared/training/parameters.ts";
import { tailGraph, tuned } from "../../../shared/training/tail.ts";
import { floats, opened, stepsOn, trained } from "./tails.ts";

stepsOn("cpu");

test.for(["frozen", "trained"] as const)(
  "with batch normalisation %s, the tuned network's file gives what the trained tail gave",
  async (batchNormalisation) => {
    const { golden, tail, backbone, head } = await opened("lite", "float32", { batchNormalisation });
    const { parameters } = await trained("cpu", golden, tail, "float32");
    const result = tuned(backbone, tail, head, parameters);
    const x = floats(golden.steps[0]?.x ?? "", [golden.batch, ...golden.dims], "float32");
    const direct = await logitsOf(withParameters(tail.graph, parameters), { [tail.input]: x });

    const again = tailGraph(
      result.backbone,
      golden.boundary,
      golden.dims,
      { ...head, graph: result.head },
      { batchNormalisation },
    );
    const whole = await logitsOf(again.graph, { [again.input]: x });
    expect(whole).toEqual(direct);

    // The network's own file, from the pixels on, still runs and was changed by training.
    const pixels = { type: "float32", dims: [1, 3, 14, 14], data: new Float32Array(588).fill(0.5) } as const;
    const [before, after] = await Promise.all(
      [backbone, result.backbone].map(({ graph }) => run(graph, { input: pixels }, "pooled")),
    );
    expect(after).toHaveLength(golden.features);
    expect(after).not.toEqual(before);
  },
);

test("a folded tail gives the same logits as the network with its batch normalisation", async () => {
  const { golden, tail } = await opened("lite", "float32", { batchNormalisation: "frozen" });
  const { tail: unfolded } = await opened("lite", "float32", { batchNormalisation: "trained" });
  expect(tail.graph.nodes.map(({ op }) => op)).not.toContain("BatchNormalization");
  expect(unfolded.graph.nodes.map(({ op }) => op)).toContain("BatchNormalization");
  const x = { [tail.input]: floats(golden.steps[0]?.x ?? "", [golden.batch, ...golden.dims], "float32") };
  const [one, other] = [await logitsOf(tail.graph, x), await logitsOf(unfolded.graph, x)];
  for (const [i, value] of one.entries()) expect(value).toBeCloseTo(other[i] ?? NaN, 5);
});

test("the lowered tail gives what onnxruntime's own operators give", async () => {
  const { golden, tail } = await opened("resnet", "float32", { batchNormalisation: "frozen" });
  const x = { [tail.input]: floats(golden.steps[0]?.x ?? "", [golden.batch, ...golden.dims], "float32") };
  const own = await logitsOf(tail.graph, x);
  const bound = {
    ...tail.graph,
    inputs: tail.graph.inputs.map((port) => ({ ...port, dims: [golden.batch, ...golden.dims] })),
  };
  const lowered = await logitsOf(loweredForOnnxruntime(bound), x);
  for (const [i, value] of lowered.entries()) expect(value).toBeCloseTo(own[i] ?? NaN, 5);
});

test("parameters are grouped by block, in order, and what is frozen is in no group", async () => {
  const { tail } = await opened("transformer", "float32", { batchNormalisation: "frozen" });
  expect(tail.blocks.map(({ name }) => name)).toEqual(["block0", "pooled"]);
  expect(tail.blocks[0]?.weights).toEqual(
    ["patches", "block0.qkv", "block0.out", "block0.wide", "block0.narrow"].map(
      (layer) => `network.${layer}.weight`,
    ),
  );
  expect(tail.blocks[0]?.biases).toContain("network.token");
  expect(tail.blocks[1]).toMatchObject({ weights: [], norms: ["network.norm.weight", "network.norm.bias"] });
});

test("a network of older operators than the gradient rules know is an error that says how to get another", async () => {
  const { backbone, head, golden } = await opened("resnet", "float32", { batchNormalisation: "frozen" });
  const old = { ...backbone, graph: { ...backbone.graph, opset: 11 } };
  expect(() => tailGraph(old, golden.boundary, golden.dims, head, { batchNormalisation: "frozen" })).toThrow(
    /expected a network in operator set 13 or later, to be trained, for "resnet" but got set 11/,
  );
});

test("a boundary that something passes by is an error that names it", async () => {
  await expect(
    opened("resnet", "float32", { batchNormalisation: "frozen" }, "/block1/first/first.0/Conv_output_0"),
  ).rejects.toThrow("expected a tensor through which everything passes on its way to pooled");
});

async function logitsOf(graph: Graph, feeds: Record<string, Tensor>): Promise<number[]> {
  return run(graph, feeds, "logits");
}

async function run(graph: Graph, feeds: Record<string, Tensor>, output: string): Promise<number[]> {
  const outputs = [{ name: output, type: "float32" as const, dims: [] }];
  const session = await (
    await engineNamed("cpu")
  ).load(serializeModel({ ...graph, outputs }), { threads: 1 });
  const results = await session.run(feeds, [output]);
  await session.close();
  return Array.from(results[output]?.data ?? [], Number);
}
