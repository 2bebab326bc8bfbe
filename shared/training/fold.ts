import type { Graph, GraphNode, Tensor } from "../onnx/graph.ts";
import { constantIn, namesIn, producers } from "../onnx/subgraph.ts";

/**
 * Folds frozen batch normalisation into the convolution before it: y = s (w ∗ x + b − μ) / √(v + ε) + t is a convolution with
 * w s / √(v + ε) and (b − μ) s / √(v + ε) + t. The pair becomes one Conv, which keeps the normalisation's output; its weight and
 * bias are called after that, `….weight` and `….bias`.
 *
 * @param where which nodes may be folded
 * @param kept tensors that others refer to: they stay in the graph
 */
export function foldNormalisation(
  graph: Graph,
  where: (node: GraphNode) => boolean,
  kept: ReadonlySet<string>,
): Graph {
  const made = producers(graph);
  const uses = useCounts(graph);
  const names = namesIn(graph);
  const folded = new Map<GraphNode, GraphNode | null>();
  const initializers = new Map(graph.initializers);
  for (const normalisation of graph.nodes) {
    if (normalisation.op !== "BatchNormalization" || !where(normalisation)) continue;
    const [x = "", ...vectors] = normalisation.inputs;
    const convolution = made.get(x);
    if (convolution?.op !== "Conv" || uses.get(x) !== 1 || kept.has(x)) continue;
    const [weight, bias] = convolution.inputs
      .slice(1)
      .map((name) => (name === "" ? null : constantIn(graph, made, name)));
    const constants = vectors.map((name) => constantIn(graph, made, name));
    if (!weight || bias === null || constants.some((vector) => vector === null)) continue;
    const one = foldedConvolution(weight, bias, constants as Tensor[], epsilonOf(normalisation));
    const [output = ""] = normalisation.outputs;
    const inputs = [convolution.inputs[0] ?? ""];
    for (const [kind, tensor] of [["weight", one.weight] as const, ["bias", one.bias] as const]) {
      const name = unusedName(names, `${output}.${kind}`);
      names.add(name);
      initializers.set(name, tensor);
      inputs.push(name);
    }
    folded.set(convolution, null);
    folded.set(normalisation, { ...convolution, inputs, outputs: [output] });
  }
  const nodes = graph.nodes.flatMap((node) => {
    const other = folded.get(node);
    return other === undefined ? [node] : other === null ? [] : [other];
  });
  return { ...graph, nodes, initializers: onlyUsed(nodes, initializers) };
}

function foldedConvolution(
  weight: Tensor,
  bias: Tensor | undefined,
  [scale, shift, mean, variance]: readonly Tensor[],
  epsilon: number,
): { weight: Tensor; bias: Tensor } {
  const channels = weight.dims[0] ?? 0;
  const at = (tensor: Tensor | undefined, channel: number) => Number(tensor?.data[channel] ?? 0);
  const factors = Array.from(
    { length: channels },
    (_, channel) => at(scale, channel) / Math.sqrt(at(variance, channel) + epsilon),
  );
  const size = weight.data.length / channels;
  const numbers = Array.from(
    weight.data as Float32Array,
    (number, i) => number * (factors[Math.floor(i / size)] ?? 0),
  );
  const terms = factors.map(
    (factor, channel) => (at(bias, channel) - at(mean, channel)) * factor + at(shift, channel),
  );
  return {
    weight: { ...weight, data: floats(weight, numbers) },
    bias: { type: weight.type, dims: [channels], data: floats(weight, terms) },
  };
}

function floats({ type }: Tensor, numbers: readonly number[]) {
  return type === "float64" ? Float64Array.from(numbers) : Float32Array.from(numbers);
}

function epsilonOf({ attributes: { epsilon } }: GraphNode): number {
  return typeof epsilon === "object" && "float" in epsilon ? epsilon.float : 1e-5;
}

function useCounts(graph: Graph): Map<string, number> {
  const counts = new Map<string, number>();
  const used = [...graph.nodes.flatMap(({ inputs }) => inputs), ...graph.outputs.map(({ name }) => name)];
  for (const name of used) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function unusedName(names: ReadonlySet<string>, name: string): string {
  return names.has(name) ? unusedName(names, `${name}_`) : name;
}

function onlyUsed(nodes: readonly GraphNode[], initializers: ReadonlyMap<string, Tensor>) {
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  return new Map([...initializers].filter(([name]) => used.has(name)));
}
