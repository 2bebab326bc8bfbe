import type { Graph, GraphNode, Tensor } from "../onnx/graph.ts";

/** How many numbers a node brings. */
export interface Counts {
  /** weights, biases, scales */
  readonly trained: number;
  /** running means and variances of batch normalisation, which no gradient moves */
  readonly statistics: number;
}

/** The numbers that each node brings; a weight that several nodes share counts for the first of them. */
export function parametersOf(graph: Graph): Map<GraphNode, Counts> {
  const seen = new Set<string>();
  return new Map(graph.nodes.map((node) => [node, countsOf(graph, node, seen)]));
}

function countsOf(graph: Graph, node: GraphNode, seen: Set<string>): Counts {
  let trained = 0;
  let statistics = 0;
  for (const [i, input] of node.inputs.entries()) {
    const tensor = graph.initializers.get(input);
    if (tensor === undefined || seen.has(input) || !isWeight(tensor)) continue;
    seen.add(input);
    // BatchNormalization's inputs: X, scale, B, input_mean, input_var.
    if (node.op === "BatchNormalization" && i >= 3) statistics += tensor.data.length;
    else trained += tensor.data.length;
  }
  return { trained, statistics };
}

/** Shapes, axes and scalars such as the bounds of a Clip are constants. */
function isWeight({ type, dims }: Tensor): boolean {
  return type === "float32" && dims.length > 0;
}
