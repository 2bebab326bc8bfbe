import type { Graph, GraphNode } from "../../shared/onnx/graph.ts";
import { renamed } from "../../shared/onnx/subgraph.ts";
import type { Head } from "../../shared/training/head.ts";

/**
 * Copies of a head on the same features, so that all of them are trained in one pass over them: their rows of logits lie one copy
 * behind the other, [copies · n, classes]. What comes before the first parameter (the standardisation) is there once.
 *
 * @param head its parameters must be none of its inputs
 */
export function sideBySide(head: Head, copies: number): Head {
  const own = dependents(head);
  const nameOf = (copy: number) => (name: string) => (own.has(name) ? `copy${copy}.${name}` : name);
  const copied = Array.from({ length: copies }, (_, copy) =>
    renamed(head.graph, nameOf(copy), (node) => `copy${copy}.${node}`),
  );
  const isShared = (node: GraphNode) => !node.outputs.some((output) => own.has(output));
  const behind = ({ nodes }: Graph) => nodes.filter((_, i) => !isShared(head.graph.nodes[i] as GraphNode));
  const outputs = copied.flatMap((graph) => graph.outputs.map(({ name }) => name));
  const everyName = (names: readonly string[]) =>
    copied.flatMap((_, copy) => names.map((name) => nameOf(copy)(name)));
  return {
    graph: {
      ...head.graph,
      nodes: [
        ...head.graph.nodes.filter(isShared),
        ...copied.flatMap(behind),
        { op: "Concat", name: "copies", inputs: outputs, outputs: ["logits"], attributes: { axis: 0 } },
      ],
      initializers: new Map(copied.flatMap(({ initializers }) => [...initializers])),
    },
    weights: everyName(head.weights),
    biases: everyName(head.biases),
  };
}

/** Names of a head's parameters, and of what is made with them. */
function dependents({ graph, weights, biases }: Head): ReadonlySet<string> {
  const names = new Set([...weights, ...biases]);
  for (const { inputs, outputs } of graph.nodes)
    if (inputs.some((input) => names.has(input))) for (const output of outputs) names.add(output);
  return names;
}
