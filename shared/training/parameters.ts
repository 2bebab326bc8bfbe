import type { Graph, Port, Tensor } from "../onnx/graph.ts";

/** The graph with some of its constants as inputs, so that one session serves changing parameters. */
export function opened(graph: Graph, names: readonly string[]): Graph {
  const ports = names.map((name): Port => {
    const { type, dims } = parameter(graph, name);
    return { name, type, dims };
  });
  const initializers = new Map([...graph.initializers].filter(([name]) => !names.includes(name)));
  return { ...graph, inputs: [...graph.inputs, ...ports], initializers };
}

/** The graph with other values for some of its constants. */
export function withParameters(graph: Graph, values: ReadonlyMap<string, Tensor>): Graph {
  for (const name of values.keys()) parameter(graph, name);
  return { ...graph, initializers: new Map([...graph.initializers, ...values]) };
}

function parameter(graph: Graph, name: string): Tensor {
  const tensor = graph.initializers.get(name);
  if (tensor === undefined) throw new Error(`training: no parameter "${name}" in the graph`);
  return tensor;
}
