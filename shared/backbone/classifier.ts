import type { Graph, Port, Tensor } from "../onnx/graph.ts";
import { namesIn, renamed } from "../onnx/subgraph.ts";
import type { Backbone } from "./backbone.ts";
import { type Beginning, freshPrefix, frozenGraph } from "./frozen.ts";

/** Operators of a head that mean the same in every operator set since 7, so that it fits any backbone's. */
const unchanging = new Set(["Gemm", "MatMul", "Add", "Sub", "Mul", "Div", "Relu", "Identity"]);

/** A head, and what its logits are divided by: shared/calibration/temperature.ts. */
export interface CalibratedHead {
  /** `features` [n, d] → `logits` [n, classes] */
  readonly head: Graph;
  /** 1: the logits stay as they are */
  readonly temperature: number;
}

/**
 * A whole classifier: normalisation, network, head, temperature and softmax.
 *
 * @param metadata of the file (labels, preprocessing, …)
 * @returns a graph from `image` uint8 [n, side, side, 3] to `probabilities` float32 [n, classes]
 */
export function classifierGraph(
  backbone: Backbone,
  calibrated: CalibratedHead,
  metadata: Readonly<Record<string, string>>,
): Graph {
  const { graph, logits, prefix } = withHead(frozenGraph(backbone, "pooled"), calibrated);
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
 * What a classifier makes of what is kept at a node: from there to `features` [n, d] and `logits` [n, classes], over the
 * temperature.
 *
 * @param from where the graph begins; its input is `activations`, or `image` where that is the pixels
 */
export function answerGraph(backbone: Backbone, calibrated: CalibratedHead, from: Beginning): Graph {
  const frozen = frozenGraph(backbone, "pooled", from);
  const { graph, logits, prefix } = withHead(frozen, calibrated);
  const named = { op: "Identity", name: `${prefix}answer`, inputs: [logits.name], outputs: ["logits"] };
  return {
    ...graph,
    outputs: [...frozen.outputs, { ...logits, name: "logits" }],
    nodes: [...graph.nodes, { ...named, attributes: {} }],
  };
}

/** A head on a graph that gives `features`, under a prefix that the graph does not use. */
function withHead(
  frozen: Graph,
  { head, temperature }: CalibratedHead,
): { graph: Graph; logits: Port; prefix: string } {
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
  if (temperature === 1) return { graph, logits, prefix };
  const divisor = `${prefix}temperature`;
  const calibrated = { ...logits, name: `${prefix}calibrated` };
  const division = { op: "Div", name: calibrated.name, inputs: [logits.name, divisor] };
  return {
    graph: {
      ...graph,
      nodes: [...graph.nodes, { ...division, outputs: [calibrated.name], attributes: {} }],
      initializers: new Map([...graph.initializers, [divisor, scalar(temperature)]]),
    },
    logits: calibrated,
    prefix,
  };
}

function scalar(value: number): Tensor {
  return { type: "float32", dims: [], data: Float32Array.of(value) };
}
