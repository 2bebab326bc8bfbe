import { answerGraph } from "../shared/backbone/classifier.ts";
import { frozenGraph } from "../shared/backbone/frozen.ts";
import type { Engine } from "../shared/engine/engine.ts";
import { tensorOf } from "../shared/engine/rows.ts";
import { serializeModel } from "../shared/onnx/file.ts";
import type { Graph } from "../shared/onnx/graph.ts";
import { subgraph } from "../shared/onnx/subgraph.ts";
import { fromPixels } from "../shared/training/from-pixels.ts";
import { type BenchNetwork, benchNetwork, randomMaps, randomPixels } from "./networks.ts";
import { newHeadOn, tailOf, trainingSteps } from "./training-steps.ts";

/** Something that the pipeline does with a network, which an engine and PyTorch are timed at. */
export interface Work {
  readonly name: string;
  readonly network: string;
  /**
   * embed: pixels to the pooled features; tail: training of the last blocks from maps; whole: training of everything from pixels;
   * export: pixels to features and logits
   */
  readonly kind: "embed" | "tail" | "whole" | "export";
  /** in words */
  readonly title: string;
}

export const works: readonly Work[] = [
  work("embed", "lite0", "embed, EfficientNet-Lite0"),
  work("embed", "resnet50", "embed, ResNet-50"),
  work("tail", "lite0", "train, EfficientNet-Lite0's last 4 blocks from maps"),
  work("tail", "resnet50", "train, ResNet-50's layer4 from maps"),
  work("whole", "resnet50", "train, the whole of ResNet-50 from pixels"),
  work("export", "resnet50", "export, ResNet-50's features and logits from pixels"),
];

function work(kind: Work["kind"], network: string, title: string): Work {
  return { name: `${kind}-${network}`, network, kind, title };
}

/** How much of it is done at once. */
export interface Amount {
  readonly batch: number;
  /** of ResNet-50's photos; left out: 224. Maps stay those of 224. */
  readonly side?: number | undefined;
  readonly threads: number;
}

/** A work with its network and what goes in. */
export interface PreparedWork {
  readonly work: Work;
  readonly network: BenchNetwork;
  readonly rows: Float32Array | Uint8Array;
  /** of one row */
  readonly shape: readonly number[];
}

export async function prepared(work: Work, { batch, side }: Amount): Promise<PreparedWork> {
  const network = await benchNetwork(work.network, side);
  const { crop } = network.backbone.preprocessing;
  const shape = work.kind === "tail" ? network.dims : [crop, crop, 3];
  const count = shape.reduce((product, length) => product * length, batch);
  return { work, network, shape, rows: work.kind === "tail" ? randomMaps(count) : randomPixels(count) };
}

/** A work on an engine: what takes a step and answers the loss, 0 where nothing is trained; and what ends it. */
export async function onEngine(
  engine: Engine,
  { work, network, rows, shape }: PreparedWork,
  { batch, threads }: Amount,
): Promise<{ step: () => Promise<number>; close: () => Promise<void> }> {
  const { backbone, boundary, dims } = network;
  const input = { batch, shape, rows, threads };
  if (work.kind === "tail") return trainingSteps(engine, tailOf(backbone, boundary, dims), input);
  if (work.kind === "whole") return trainingSteps(engine, fromPixels(backbone, wholeOf(network)), input);
  const graph =
    work.kind === "embed"
      ? frozenGraph(backbone, "pooled")
      : answerGraph(
          backbone,
          { head: newHeadOn(backbone).graph, temperature: 1 },
          { node: "pixels", dims: shape },
        );
  const session = await engine.load(serializeModel(graph), { threads });
  const outputs = graph.outputs.map(({ name }) => name);
  const step = async () => {
    await session.run({ image: tensorOf(rows, [batch, ...shape]) }, outputs);
    return 0;
  };
  return { step, close: () => session.close() };
}

/** The same for PyTorch: from maps, or from pixels that it normalises itself; batch normalisation folded. */
export function forPyTorch({ work, network }: PreparedWork): Graph {
  const { backbone, boundary, dims } = network;
  if (work.kind === "tail") return tailOf(backbone, boundary, dims).graph;
  const { graph } = wholeOf(network);
  const pooled = { name: backbone.pooled, type: "float32" as const, dims: ["n", backbone.features] };
  if (work.kind === "embed") return subgraph(graph, [pooled]);
  return work.kind === "export" ? { ...graph, outputs: [pooled, ...graph.outputs] } : graph;
}

function wholeOf({ backbone }: BenchNetwork) {
  const { crop } = backbone.preprocessing;
  return tailOf(backbone, backbone.input, [3, crop, crop]);
}
