import type { Graph, Port } from "../onnx/graph.ts";
import { namesIn, renamed } from "../onnx/subgraph.ts";
import type { Backbone } from "./backbone.ts";
import { type Beginning, freshPrefix, frozenGraph } from "./frozen.ts";

/** Operators of a head that mean the same in every operator set since 7, so that it fits any backbone's. */
const unchanging = new Set(["Gemm", "MatMul", "Add", "Sub", "Mul", "Div", "Relu", "Identity"]);

/**
 * A whole classifier: normalisation, network, head and softmax.
 *
 * @param head `features` [n, d] → `logits` [n, classes]
 * @param metadata of the file (labels, preprocessing, …)
 * @returns a graph from `image` uint8 [n, side, side, 3] to `probabilities` float32 [n, classes]
 */
export function classifierGraph(
  backbone: Backbone,
  head: Graph,
  metadata: Readonly<Record<string, string>>,
): Graph {
  const { graph, logits, prefix } = withHead(frozenGraph(backbone, "pooled"), head);
  const softmax = {
    op: "Softmax",
    name: `${prefix}softmax`,
    inputs: [logits.name],
    outputs: ["probabilities"],
    attributes: { axis: 1 },
  };
  return {
    ...graph,
    outputs: [{ ...logits, name: "probabilities" }],
    nodes: [...graph.nodes, softmax],
    metadata,
  };
}

/**
 * What a classifier makes of what is kept at a node: from there to `features` [n, d] and `logits` [n, classes].
 *
 * @param from where the graph begins; its input is `activations`, or `image` where that is the pixels
 */
export function answerGraph(backbone: Backbone, head: Graph, from: Beginning): Graph {
  const frozen = frozenGraph(backbone, "pooled", from);
  const { graph, logits, prefix } = withHead(frozen, head);
  const named = { op: "Identity", name: `${prefix}answer`, inputs: [logits.name], outputs: ["logits"] };
  return {
    ...graph,
    outputs: [...frozen.outputs, { ...logits, name: "logits" }],
    nodes: [...graph.nodes, { ...named, attributes: {} }],
  };
}

/** A head on a graph that gives `features`, under a prefix that the graph does not use. */
function withHead(frozen: Graph, head: Graph): { graph: Graph; logits: Port; prefix: string } {
  const foreign = head.nodes.find(({ op }) => !unchanging.has(op));
  if (head.opset !== frozen.opset && foreign !== undefined)
    throw new Error(
      `a head of opset ${head.opset} with ${foreign.op} does not fit one of opset ${frozen.opset}`,
    );
  const prefix = freshPrefix(namesIn(frozen), "head");
  const named = renamed(
    head,
    (tensor) => (tensor === "features" ? tensor : prefix + tensor),
    (node) => prefix + node,
  );
  const logits = named.outputs[0];
  if (logits === undefined) throw new Error("a head without an output");
  const graph = {
    ...frozen,
    nodes: [...frozen.nodes, ...named.nodes],
    initializers: new Map([...frozen.initializers, ...named.initializers]),
  };
  return { graph, logits, prefix };
}
