import type { Graph, Port } from "../onnx/graph.ts";
import { subgraph } from "../onnx/subgraph.ts";
import { unexpected } from "../errors.ts";
import type { Backbone } from "./backbone.ts";

/**
 * The part of a network's graph behind a tensor, up to another.
 *
 * @param graph the backbone's, or what became of it
 * @param from the tensor that becomes the one input
 * @throws PipelineError `usage` where something goes around `from` on its way to `to`
 */
export function graphBetween({ name }: Backbone, graph: Graph, from: Port, to: Port): Graph {
  const nodes = graph.nodes.filter(({ outputs }) => !outputs.includes(from.name));
  const inputs = [...graph.inputs.filter((input) => input.name !== from.name), from];
  const part = subgraph({ ...graph, nodes, inputs }, [to]);
  if (part.inputs.length === 1 && part.inputs[0]?.name === from.name) return part;
  throw unexpected("usage", {
    where: "backbone",
    expected: `a tensor through which everything passes on its way to ${to.name}`,
    subject: name,
    got: from.name,
    mend: "choose a boundary between blocks: npx zx pipeline.ts backbone lists them",
  });
}
