import type { Graph, GraphNode, Port, Tensor } from "./graph.ts";

/** The node that makes each tensor. */
export function producers(graph: Graph): Map<string, GraphNode> {
  return new Map(graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
}

/** The part of a graph that `outputs` need: other nodes, weights and inputs are left out. */
export function subgraph(graph: Graph, outputs: readonly Port[]): Graph {
  const needed = new Set(outputs.map(({ name }) => name));
  const nodes = graph.nodes
    .toReversed()
    .filter((node) => {
      if (!node.outputs.some((output) => needed.has(output))) return false;
      for (const input of node.inputs) needed.add(input);
      return true;
    })
    .reverse();
  return {
    ...graph,
    inputs: graph.inputs.filter(({ name }) => needed.has(name)),
    outputs,
    nodes,
    initializers: new Map([...graph.initializers].filter(([name]) => needed.has(name))),
  };
}

/** The same graph under other names: of tensors as `rename` says, and of nodes as `renameNode` says. */
export function renamed(
  graph: Graph,
  rename: (tensor: string) => string,
  renameNode: (node: string) => string = (node) => node,
): Graph {
  // "" stands for an input that is left out.
  const tensor = (name: string) => (name === "" ? "" : rename(name));
  const port = (named: Port) => ({ ...named, name: tensor(named.name) });
  return {
    ...graph,
    inputs: graph.inputs.map(port),
    outputs: graph.outputs.map(port),
    nodes: graph.nodes.map((node) => ({
      ...node,
      name: renameNode(node.name),
      inputs: node.inputs.map(tensor),
      outputs: node.outputs.map(tensor),
    })),
    initializers: new Map([...graph.initializers].map(([name, value]) => [tensor(name), value])),
  };
}

/** Every name of a tensor or a node in the graph. */
export function namesIn(graph: Graph): Set<string> {
  const names = new Set([...graph.initializers.keys(), ...graph.inputs.map(({ name }) => name)]);
  for (const { name, inputs, outputs } of graph.nodes)
    for (const used of [name, ...inputs, ...outputs]) names.add(used);
  return names;
}

/** The value of a tensor that is an initializer or comes from a Constant node; null where it is computed. */
export function constantIn(graph: Graph, made: ReadonlyMap<string, GraphNode>, name: string): Tensor | null {
  const initializer = graph.initializers.get(name);
  if (initializer !== undefined) return initializer;
  const node = made.get(name);
  if (node?.op === "Identity") return constantIn(graph, made, node.inputs[0] ?? "");
  const value = node?.op === "Constant" ? node.attributes["value"] : undefined;
  return typeof value === "object" && "dims" in value ? value : null;
}
