import type { Graph, GraphNode } from "../onnx/graph.ts";
import { subgraph } from "../onnx/subgraph.ts";

/** What lies between two tensors through which everything passes. */
export interface Segment {
  /** those through which data of the photo go, in order */
  readonly nodes: readonly GraphNode[];
  /** the tensor that leaves it */
  readonly tensor: string;
  /** convolutions and products with weights */
  readonly products: number;
  /** it ends where branches with weights meet: a residual addition, or maps that are put side by side */
  readonly joins: boolean;
}

const products = new Set(["Conv", "ConvTranspose", "Gemm", "MatMul"]);
const joins = new Set(["Add", "Sum", "Concat"]);

/**
 * Cuts a network at every tensor through which all goes that leads from its input to another: its articulation points. The
 * shape of the input goes around them, since it is known without the photo; any other tensor's does not.
 *
 * @param input the network's
 * @param end the tensor up to which it is cut
 * @returns the pieces in order, the last one's tensor is `end`
 */
export function segmentsOf(graph: Graph, input: string, end: string): Segment[] {
  const { nodes } = subgraph(graph, [{ name: end, type: "float32", dims: [] }]);
  const data = dataOf(nodes, input);
  const carrying = nodes.filter(({ outputs }) => outputs.some((output) => data.has(output)));
  const lastUse = new Map<string, number>();
  for (const [i, node] of carrying.entries()) for (const used of node.inputs) lastUse.set(used, i);
  lastUse.set(end, carrying.length);

  const segments: Segment[] = [];
  const live = new Set([input]);
  let open: GraphNode[] = [];
  for (const [i, node] of carrying.entries()) {
    open.push(node);
    for (const used of node.inputs) if (lastUse.get(used) === i) live.delete(used);
    for (const output of node.outputs) if (lastUse.has(output)) live.add(output);
    const [tensor = end] = live;
    if (live.size !== 1) continue;
    segments.push(segmentOf(open, tensor, data));
    open = [];
  }
  return segments;
}

/** The tensors that depend on the numbers of the input. */
function dataOf(nodes: readonly GraphNode[], input: string): Set<string> {
  const data = new Set([input]);
  for (const { op, inputs, outputs } of nodes) {
    if (op === "Shape" && inputs[0] === input) continue;
    if (inputs.some((name) => data.has(name))) for (const output of outputs) data.add(output);
  }
  return data;
}

function segmentOf(nodes: readonly GraphNode[], tensor: string, data: ReadonlySet<string>): Segment {
  const weighted = nodes.filter(
    ({ op, inputs }) => products.has(op) && inputs.slice(0, 2).some((name) => !data.has(name)),
  );
  const last = nodes.at(-1);
  const branches = new Set(last?.inputs.filter((name) => data.has(name)));
  return {
    ...{ nodes, tensor, products: weighted.length },
    joins: weighted.length > 0 && branches.size > 1 && joins.has(last?.op ?? ""),
  };
}
