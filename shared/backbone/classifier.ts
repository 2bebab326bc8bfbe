import type { Graph } from "../onnx/graph.ts";
import { namesIn, renamed } from "../onnx/subgraph.ts";
import type { Backbone } from "./backbone.ts";
import { freshPrefix, frozenGraph } from "./frozen.ts";

/** Operators of a head that mean the same in every operator set since 7, so that it fits any backbone's. */
const unchanging = new Set(["Gemm", "MatMul", "Add", "Sub", "Mul", "Div", "Relu", "Identity"]);

/**
 * A whole classifier: normalisation, frozen network, head and softmax.
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
  const { graph: frozen } = frozenGraph(backbone, "pooled");
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
  const softmax = {
    op: "Softmax",
    name: `${prefix}softmax`,
    inputs: [logits.name],
    outputs: ["probabilities"],
    attributes: { axis: 1 },
  };
  return {
    ...frozen,
    outputs: [{ ...logits, name: "probabilities" }],
    nodes: [...frozen.nodes, ...named.nodes, softmax],
    initializers: new Map([...frozen.initializers, ...named.initializers]),
    metadata,
  };
}
