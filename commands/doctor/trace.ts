import Table from "cli-table3";
import type { GraphNode } from "../../shared/onnx/graph.ts";

/** A node, and how far what an engine makes there is from what `cpu` makes, as a share of the largest value. */
export interface TracedNode {
  readonly node: GraphNode;
  readonly difference: number;
}

/** The first node that is further off than an engine may be; null where none is. */
export function firstBeyond(nodes: readonly TracedNode[], tolerance: number): TracedNode | null {
  return nodes.find(({ difference }) => !(difference <= tolerance)) ?? null;
}

/** What `doctor --trace` prints: every node with its difference, and where the trouble begins. */
export function describeTrace(engine: string, nodes: readonly TracedNode[], tolerance: number): string {
  const first = firstBeyond(nodes, tolerance);
  const table = new Table({
    head: ["node", "operator", "largest difference", ""],
    colAligns: ["left", "left", "right", "left"],
    style: { head: [], border: [], compact: true },
  });
  for (const traced of nodes)
    table.push([
      traced.node.outputs[0] ?? "",
      traced.node.op,
      traced.difference.toExponential(1),
      traced === first ? "<- the first one beyond" : "",
    ]);
  const end =
    first === null
      ? `${engine} agrees with cpu at every node, to ${tolerance.toExponential(0)} of its largest value`
      : `${engine} leaves cpu at ${first.node.outputs[0] ?? ""} (${first.node.op}), by ${first.difference.toExponential(1)} of its largest value; ${tolerance.toExponential(0)} is allowed`;
  return `${table.toString()}\n${end}\n`;
}
