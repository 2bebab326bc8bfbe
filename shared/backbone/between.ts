import type { Graph, GraphNode, Port, Tensor } from "../onnx/graph.ts";
import { subgraph } from "../onnx/subgraph.ts";
import { unexpected } from "../errors.ts";
import type { Backbone } from "./backbone.ts";

/**
 * The part of a network's graph behind a tensor, up to another. What it asks of the input's shape
 * it is told: the number of photos is the tensor's, the rest is known.
 *
 * @param graph the backbone's, or what became of it
 * @param from the tensor that becomes the one input, [n, …]
 * @throws PipelineError `usage` where something goes around `from` on its way to `to`
 */
export function graphBetween(backbone: Backbone, graph: Graph, from: Port, to: Port): Graph {
  const whole = from.name === backbone.input ? graph : withShapesTold(backbone, graph, from.name);
  const nodes = whole.nodes.filter(({ outputs }) => !outputs.includes(from.name));
  const inputs = [...graph.inputs.filter((input) => input.name !== from.name), from];
  const part = subgraph({ ...whole, nodes, inputs }, [to]);
  if (part.inputs.length === 1 && part.inputs[0]?.name === from.name) return part;
  throw unexpected("usage", {
    where: "backbone",
    expected: `a tensor through which everything passes on its way to ${to.name}`,
    subject: backbone.name,
    got: from.name,
    hint: "choose a boundary between blocks: npx zx pipeline.ts backbone lists them",
  });
}

/**
 * Every Shape of the network's input as [the number of rows of another tensor, then what is known].
 */
function withShapesTold({ input, preprocessing }: Backbone, graph: Graph, from: string): Graph {
  const { crop, layout } = preprocessing;
  const known = layout === "NCHW" ? [3, crop, crop] : [crop, crop, 3];
  const initializers = new Map(graph.initializers);
  const nodes = graph.nodes.flatMap((node): readonly GraphNode[] => {
    if (node.op !== "Shape" || node.inputs[0] !== input) return [node];
    const [output = ""] = node.outputs;
    const part = (name: string) => `${output} behind ${from}: ${name}`;
    const constant = (name: string, values: readonly number[]) => {
      initializers.set(part(name), integers(values));
      return part(name);
    };
    const asked = [0, 1, 2, 3].slice(...rangeOf(node));
    const all = asked.length === 4;
    const whole = all ? output : part("whole");
    return [
      made("Shape", [from], part("shape")),
      made("Gather", [part("shape"), constant("first", [0])], part("rows")),
      made("Concat", [part("rows"), constant("known", known)], whole, { axis: 0 }),
      ...(all ? [] : [made("Gather", [whole, constant("asked", asked)], output)]),
    ];
  });
  return { ...graph, nodes, initializers };
}

/** Which dimensions a Shape asks for, as `slice` takes them. */
function rangeOf({ attributes: { start, end } }: GraphNode): [number, number?] {
  const first = typeof start === "number" ? start : 0;
  return typeof end === "number" ? [first, end] : [first];
}

function made(
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: GraphNode["attributes"] = {},
): GraphNode {
  return { op, name: output, inputs, outputs: [output], attributes };
}

function integers(values: readonly number[]): Tensor {
  return { type: "int64", dims: [values.length], data: BigInt64Array.from(values, BigInt) };
}
