import type { Engine } from "../engine/engine.ts";
import { unexpected } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { elementTypes } from "../onnx/element-types.ts";
import { serializeModel } from "../onnx/file.ts";
import type { Graph, Port } from "../onnx/graph.ts";
import { namesIn, producers, renamed, subgraph } from "../onnx/subgraph.ts";
import type { Backbone } from "./backbone.ts";
import { graphBetween } from "./between.ts";
import type { Boundary } from "./boundary.ts";
import { normalisation } from "./normalisation.ts";

/** Names of our own, which a stranger's graph may use for other things. */
const reserved = new Set(["image", "activations", "features", "logits", "probabilities"]);

/** A tensor of a network at which a graph begins. */
export interface Beginning {
  /** a boundary: "pixels", "pooled", or a tensor's name */
  readonly node: Boundary;
  /** of one photo's tensor */
  readonly dims: readonly number[];
}

/**
 * The part of a network that makes a node, with nothing in it that the node does not need: from the pixels, the normalisation
 * inside, or from a tensor further on.
 *
 * @param node "pooled" (the vector that enters the classifier), "spatial" (the map that enters the pooling), or the name
 *   of any node, block or inner tensor of the network
 * @param from left out: the pixels
 * @returns `image` uint8 [n, side, side, 3], or `activations` float32 [n, …dims] → `features` float32
 * @throws PipelineError `usage` where there is no such node, naming the nearest; or where something goes around `from`
 */
export function frozenGraph(backbone: Backbone, node: string, from?: Beginning): Graph {
  const tensor = tensorNamed(backbone, node);
  checkFloat(backbone, tensor);
  const output: Port = {
    name: tensor,
    type: "float32",
    dims: tensor === backbone.pooled ? ["n", backbone.features] : [],
  };
  return from === undefined || from.node === "pixels"
    ? fromPixels(backbone, output)
    : fromActivations(backbone, output, from);
}

function fromPixels(backbone: Backbone, output: Port): Graph {
  const { nodes, initializers, opset } = subgraph(backbone.graph, [output]);
  const prefix = ownPrefix(backbone);
  const front = normalisation(backbone.preprocessing, prefix);
  const inner = renamed(
    { opset, inputs: [], outputs: [output], nodes, initializers, metadata: {} },
    (name) => (name === backbone.input ? front.output : nameOf(name, output.name, prefix)),
  );
  const side = backbone.preprocessing.crop;
  return {
    ...inner,
    inputs: [{ name: "image", type: "uint8", dims: ["n", side, side, 3] }],
    nodes: [...front.nodes, ...inner.nodes],
    initializers: new Map([...front.initializers, ...inner.initializers]),
  };
}

function fromActivations(backbone: Backbone, output: Port, { node, dims }: Beginning): Graph {
  const name = tensorNamed(backbone, node);
  const input: Port = { name, type: "float32", dims: ["n", ...dims] };
  if (name === output.name) return unchanged(backbone.graph.opset, input);
  const part = graphBetween(backbone, backbone.graph, input, output);
  const prefix = ownPrefix(backbone);
  return {
    ...renamed(part, (tensor) => (tensor === name ? "activations" : nameOf(tensor, output.name, prefix))),
    metadata: {},
  };
}

/** `activations` → `features`, the same. */
function unchanged(opset: number, port: Port): Graph {
  const node = { op: "Identity", name: "features", inputs: ["activations"], outputs: ["features"] };
  return {
    opset,
    inputs: [{ ...port, name: "activations" }],
    outputs: [{ ...port, name: "features" }],
    nodes: [{ ...node, attributes: {} }],
    initializers: new Map(),
    metadata: {},
  };
}

/**
 * The same for a model.onnx that was made of this backbone: what a node gives there, with the
 * weights that it was tuned to.
 *
 * @param model as `classifierGraph` made it
 */
export function nodeOfModel(backbone: Backbone, model: Graph, node: string): Graph {
  const tensor = tensorNamed(backbone, node);
  checkFloat(backbone, tensor);
  const name = nameOf(tensor, backbone.pooled, ownPrefix(backbone));
  if (!producers(model).has(name))
    throw unexpected("usage", {
      where: "backbone",
      expected: "a node that the tuned network still has",
      subject: "--features",
      got: `${node}, which was folded into the one before it`,
      hint: "choose the node behind it: npx zx pipeline.ts backbone lists them",
    });
  const part = subgraph(model, [{ name, type: "float32", dims: [] }]);
  return { ...renamed(part, (each) => (each === name ? "features" : each)), metadata: {} };
}

/** A tensor's name in graphs of ours. */
function nameOf(tensor: string, output: string, prefix: string): string {
  if (tensor === output) return "features";
  return reserved.has(tensor) ? prefix + tensor : tensor;
}

function ownPrefix({ graph }: Backbone): string {
  return freshPrefix(namesIn(graph), "normalised");
}

/** The shape of what a frozen graph makes of one photo: it is run once on a black one. */
export async function shapeOfFeatures(graph: Graph, engine: Engine): Promise<readonly number[]> {
  const shape = (graph.inputs[0]?.dims.slice(1) ?? []) as number[];
  const data = new Uint8Array(shape.reduce((product, length) => product * length, 1));
  const session = await engine.load(serializeModel(graph), { threads: 1 });
  try {
    const { features } = await session.run({ image: { type: "uint8", dims: [1, ...shape], data } }, [
      "features",
    ]);
    return features?.dims.slice(1) ?? [];
  } finally {
    await session.close();
  }
}

/** `name/`, or with as many underscores behind it as make it the beginning of none of `names`. */
export function freshPrefix(names: ReadonlySet<string>, name: string): string {
  const prefix = `${name}/`;
  return [...names].some((used) => used.startsWith(prefix)) ? freshPrefix(names, `${name}_`) : prefix;
}

function tensorNamed(backbone: Backbone, name: string): string {
  if (name === "pooled") return backbone.pooled;
  if (name === "spatial" && backbone.spatial !== null) return backbone.spatial;
  const { nodes } = backbone.graph;
  if (producers(backbone.graph).has(name)) return name;
  const block = backbone.blocks.find((each) => each.name === name);
  const output = block?.tensor ?? nodes.find((node) => node.name === name)?.outputs[0];
  if (output !== undefined) return output;
  throw unknownNode(backbone, name);
}

function checkFloat({ graph, name }: Backbone, tensor: string): void {
  const type = elementTypes(graph).get(tensor);
  if (type === "float32") return;
  throw unexpected("usage", {
    where: "backbone",
    expected: `a node of ${name} that makes float32`,
    subject: "--features",
    got: `${tensor}, which makes ${type ?? "nothing"}`,
  });
}

function unknownNode(backbone: Backbone, name: string) {
  const known = ["pooled", ...(backbone.spatial === null ? [] : ["spatial"])];
  const names = backbone.graph.nodes.flatMap((node) => [node.name, ...node.outputs]);
  const near = nearest(name, [...known, ...backbone.blocks.map((block) => block.name), ...names]);
  return unexpected("usage", {
    where: "backbone",
    expected: `${known.join(", ")} or the name of a node of ${backbone.name}`,
    subject: "--features",
    got: name,
    hint: (near === null ? "" : `did you mean ${near}? `) + "npx zx pipeline.ts backbone lists the nodes",
  });
}
