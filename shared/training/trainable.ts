import type { Graph, GraphNode } from "../onnx/graph.ts";
import { producers } from "../onnx/subgraph.ts";

/** What a block trains, by what becomes of it: weights decay, biases and norms do not. */
export interface Trainable {
  readonly weights: readonly string[];
  readonly biases: readonly string[];
  /** scales and shifts of normalisations, and scales of whole branches */
  readonly norms: readonly string[];
}

type Kind = keyof Trainable;

/** Operator → what its constant inputs are, by position. */
const kinds: Readonly<Record<string, readonly (Kind | null)[]>> = {
  Conv: [null, "weights", "biases"],
  Gemm: ["weights", "weights", "biases"],
  MatMul: ["weights", "weights"],
  BatchNormalization: [null, "norms", "norms"],
  LayerNormalization: [null, "norms", "norms"],
  GroupNormalization: [null, "norms", "norms"],
  InstanceNormalization: [null, "norms", "norms"],
  PRelu: [null, "norms"],
  Add: ["biases", "biases"],
  Mul: ["norms", "norms"],
  // Tokens that a transformer puts before an image's
  Concat: ["biases", "biases"],
  Expand: ["biases"],
};

/** Additions and products are taken for pixels' normalisation until a product of matrices was passed. */
const onlyBehindProducts = new Set(["Add", "Mul"]);
const carriers = new Set(["Transpose", "Reshape", "Unsqueeze", "Squeeze"]);
const products = new Set(["Conv", "Gemm", "MatMul"]);

/**
 * What can be trained, node by node: constants of floats, but no single numbers (ε, ½ and their kin). A parameter that several
 * nodes use is the first one's.
 *
 * @param batchNormalisation whether the scale and shift of batch normalisation are among it
 */
export function trainableOf(graph: Graph, batchNormalisation: boolean): Map<GraphNode, Trainable> {
  const behind = new Set<string>();
  const taken = new Set<string>();
  const made = producers(graph);
  return new Map(
    graph.nodes.map((node) => {
      const after = node.inputs.some((input) => behind.has(input));
      if (after || products.has(node.op)) for (const output of node.outputs) behind.add(output);
      const parameters: Record<Kind, string[]> = { weights: [], biases: [], norms: [] };
      const skipped =
        (onlyBehindProducts.has(node.op) && !after) ||
        (node.op === "BatchNormalization" && !batchNormalisation) ||
        isPlain(graph, node);
      for (const [position, name] of skipped ? [] : node.inputs.entries()) {
        const kind = kinds[node.op]?.[position];
        const input = carried(made, name);
        if (!kind || taken.has(input) || !isParameter(graph, input)) continue;
        taken.add(input);
        parameters[kind].push(input);
      }
      return [node, parameters] as const;
    }),
  );
}

/** An instance normalisation by 1 and 0, which torch's exporters make of group normalisation: what is trained comes behind it. */
function isPlain(graph: Graph, { op, inputs }: GraphNode): boolean {
  const all = (position: number, number: number) =>
    graph.initializers.get(inputs[position] ?? "")?.data.every((one) => Number(one) === number) ?? false;
  return op === "InstanceNormalization" && all(1, 1) && all(2, 0);
}

/** The tensor that reaches a node turned or in another shape: exporters write a linear layer's weight so. */
function carried(made: ReadonlyMap<string, GraphNode>, name: string): string {
  const node = made.get(name);
  return node !== undefined && carriers.has(node.op) ? carried(made, node.inputs[0] ?? "") : name;
}

function isParameter(graph: Graph, name: string): boolean {
  const tensor = graph.initializers.get(name);
  return (
    tensor !== undefined && (tensor.type === "float32" || tensor.type === "float64") && tensor.data.length > 1
  );
}
