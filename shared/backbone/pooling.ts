import type { Graph, GraphNode, Tensor } from "../onnx/graph.ts";
import { constantIn, producers } from "../onnx/subgraph.ts";
import { spatialSize } from "./spatial-size.ts";

/** Where a classifier's features are. */
interface Pooling {
  /** the map that enters the global pooling; null where the network has none */
  readonly spatial: string | null;
  /** the vector that enters the classifier, [n, features] */
  readonly pooled: string;
  readonly features: number;
}

/** What may lie between the global pooling and the output: none of it looks at more than one photo's vector. */
const betweenPoolingAndOutput = new Set([
  ...["Flatten", "Reshape", "Squeeze", "Unsqueeze", "Transpose", "Identity", "Dropout", "Cast"],
  ...["Softmax", "LogSoftmax", "Sigmoid", "HardSigmoid", "HardSwish", "Relu", "Clip", "Tanh", "Gelu", "Erf"],
  ...["Add", "Sub", "Mul", "Div", "BatchNormalization", "LayerNormalization", "LpNormalization"],
]);

/**
 * Finds where the features of a classifier are, from its output backwards: the vector that a dense layer (Gemm, or
 * MatMul with a constant matrix) takes from a global pooling (GlobalAveragePool, ReduceMean over two axes, AveragePool
 * over the whole map), or, where there is no such pooling as in many transformers, the vector that enters the last
 * dense layer. A network without a classifier, as DINOv2 is published, may end with one token of all, normalised.
 *
 * @param size height and width of the network's input
 * @returns null where none of these is found
 */
export function findPooling(graph: Graph, size: readonly [height: number, width: number]): Pooling | null {
  const made = producers(graph);
  for (const { name } of graph.outputs) {
    const { dense, pool } = walkBack(graph, made, name, size);
    // With a pooling, the layer nearest to it; without, the last of the network.
    const layer = pool === null ? dense[0] : dense.at(-1);
    if (layer !== undefined)
      return { spatial: pool?.inputs[0] ?? null, pooled: layer.input, features: layer.features };
    const token = lastToken(graph, made, name);
    if (token !== null) return token;
  }
  return null;
}

interface Dense {
  readonly input: string;
  readonly features: number;
}

/** The dense layers from the output backwards, and the global pooling if the way leads to one. */
function walkBack(
  graph: Graph,
  made: ReadonlyMap<string, GraphNode>,
  output: string,
  size: readonly [number, number],
): { dense: Dense[]; pool: GraphNode | null } {
  const dense: Dense[] = [];
  let node = made.get(output);
  while (node !== undefined) {
    if (isGlobalPooling(graph, made, node, size)) return { dense, pool: node };
    const layer = denseLayer(graph, made, node);
    if (layer !== null) dense.push(layer);
    else if (!betweenPoolingAndOutput.has(node.op) && !isReorder(graph, made, node)) break;
    node = made.get(layer?.input ?? computedInput(graph, made, node));
  }
  return { dense, pool: null };
}

/** Numbers of a flat tensor in another order: what torch's exporter makes of `as_strided` behind a pooling. */
function isReorder(graph: Graph, made: ReadonlyMap<string, GraphNode>, node: GraphNode): boolean {
  const flat = node.op === "Gather" ? made.get(node.inputs[0] ?? "") : undefined;
  const shape = flat?.op === "Reshape" ? constantIn(graph, made, flat.inputs[1] ?? "") : null;
  return shape?.data.length === 1 && Number(shape.data[0]) === -1;
}

/** An output that is one of the tokens that the last layer normalisation gives: Gather at one place of [n, tokens, features]. */
function lastToken(graph: Graph, made: ReadonlyMap<string, GraphNode>, output: string): Pooling | null {
  const taken = made.get(output);
  if (taken?.op !== "Gather" || taken.attributes["axis"] !== 1) return null;
  const place = constantIn(graph, made, taken.inputs[1] ?? "");
  const tokens = made.get(taken.inputs[0] ?? "");
  const scale = constantIn(graph, made, tokens?.inputs[1] ?? "");
  if (tokens?.op !== "LayerNormalization" || place?.dims.length !== 0 || scale === null) return null;
  return { spatial: null, pooled: output, features: scale.data.length };
}

/** The first input that is no constant: where the data comes from. */
function computedInput(graph: Graph, made: ReadonlyMap<string, GraphNode>, node: GraphNode): string {
  return node.inputs.find((input) => input !== "" && constantIn(graph, made, input) === null) ?? "";
}

/** Gemm [n, k]·[k, m] (either may be transposed) or MatMul, its matrix constant. */
function denseLayer(graph: Graph, made: ReadonlyMap<string, GraphNode>, node: GraphNode): Dense | null {
  const [input = "", matrix = ""] = node.inputs;
  const dims = constantIn(graph, made, matrix)?.dims;
  if (dims?.length !== 2) return null;
  const [rows = 0, columns = 0] = dims;
  if (node.op === "MatMul") return { input, features: rows };
  if (node.op !== "Gemm" || node.attributes["transA"] === 1) return null;
  return { input, features: node.attributes["transB"] === 1 ? columns : rows };
}

function isGlobalPooling(
  graph: Graph,
  made: ReadonlyMap<string, GraphNode>,
  node: GraphNode,
  size: readonly [number, number],
): boolean {
  switch (node.op) {
    case "GlobalAveragePool":
      return true;
    case "ReduceMean":
      return reducedAxes(graph, made, node) === 2;
    case "AveragePool": {
      const map = spatialSize(graph, made, node.inputs[0] ?? "", size);
      const kernel = node.attributes["kernel_shape"];
      const pads = node.attributes["pads"];
      if (map === null || !Array.isArray(kernel)) return false;
      const padded = Array.isArray(pads) && pads.some((pad) => pad !== 0);
      return !padded && kernel[0] === map[0] && kernel[1] === map[1];
    }
    default:
      return false;
  }
}

/** How many axes a reduction goes over: an attribute, or from operator set 18 an input. */
function reducedAxes(graph: Graph, made: ReadonlyMap<string, GraphNode>, node: GraphNode): number | null {
  const attribute = node.attributes["axes"];
  if (Array.isArray(attribute)) return attribute.length;
  const input: Tensor | null = constantIn(graph, made, node.inputs[1] ?? "");
  return input?.data.length ?? null;
}
