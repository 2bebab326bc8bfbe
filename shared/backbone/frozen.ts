import type { Engine } from "../engine/engine.ts";
import { unexpected } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { elementTypes } from "../onnx/element-types.ts";
import { serializeModel } from "../onnx/file.ts";
import type { Graph, Port } from "../onnx/graph.ts";
import { namesIn, producers, renamed, subgraph } from "../onnx/subgraph.ts";
import type { Backbone } from "./backbone.ts";
import { normalisation } from "./normalisation.ts";

/** Names of our own, which a stranger's graph may use for other things. */
const reserved = new Set(["image", "features", "probabilities"]);

/** A graph from pixels to what a frozen network makes of them. */
interface Frozen {
  /** `image` uint8 [n, side, side, 3] → `features` float32 */
  readonly graph: Graph;
  readonly output: "features";
}

/**
 * The frozen part of a network, its normalisation inside, with nothing in it that the output does not need.
 *
 * @param node "pooled" (the vector that enters the classifier), "spatial" (the map that enters the pooling), or the name
 *   of any node or inner tensor of the network
 * @throws PipelineError `usage` where there is no such node, naming the nearest
 */
export function frozenGraph(backbone: Backbone, node: string): Frozen {
  const tensor = tensorNamed(backbone, node);
  checkFloat(backbone, tensor);
  const output: Port = {
    name: tensor,
    type: "float32",
    dims: tensor === backbone.pooled ? ["n", backbone.features] : [],
  };
  const { nodes, initializers, opset } = subgraph(backbone.graph, [output]);
  const names = namesIn(backbone.graph);
  const prefix = freshPrefix(names, "normalised");
  const front = normalisation(backbone.preprocessing, prefix);
  const inner = renamed(
    { opset, inputs: [], outputs: [output], nodes, initializers, metadata: {} },
    (name) => {
      if (name === tensor) return "features";
      if (name === backbone.input) return front.output;
      return reserved.has(name) ? prefix + name : name;
    },
  );
  const side = backbone.preprocessing.crop;
  return {
    graph: {
      ...inner,
      inputs: [{ name: "image", type: "uint8", dims: ["n", side, side, 3] }],
      nodes: [...front.nodes, ...inner.nodes],
      initializers: new Map([...front.initializers, ...inner.initializers]),
    },
    output: "features",
  };
}

/** The shape of what a frozen graph makes of one photo: it is run once on a black one. */
export async function shapeOfFeatures(graph: Graph, engine: Engine): Promise<readonly number[]> {
  const shape = (graph.inputs[0]?.dims.slice(1) ?? []) as number[];
  const data = new Uint8Array(shape.reduce((product, length) => product * length, 1));
  const session = await engine.load(serializeModel(graph), { threads: 1 });
  try {
    const { features } = await session.run({ image: { type: "uint8", dims: [1, ...shape], data } }, [
      "features",
    ]);
    return features?.dims.slice(1) ?? [];
  } finally {
    await session.close();
  }
}

/** `name/`, or with as many underscores behind it as make it the beginning of none of `names`. */
export function freshPrefix(names: ReadonlySet<string>, name: string): string {
  const prefix = `${name}/`;
  return [...names].some((used) => used.startsWith(prefix)) ? freshPrefix(names, `${name}_`) : prefix;
}

function tensorNamed(backbone: Backbone, name: string): string {
  if (name === "pooled") return backbone.pooled;
  if (name === "spatial" && backbone.spatial !== null) return backbone.spatial;
  const { nodes } = backbone.graph;
  if (producers(backbone.graph).has(name)) return name;
  const output = nodes.find((node) => node.name === name)?.outputs[0];
  if (output !== undefined) return output;
  throw unknownNode(backbone, name);
}

function checkFloat({ graph, name }: Backbone, tensor: string): void {
  const type = elementTypes(graph).get(tensor);
  if (type === "float32") return;
  throw unexpected("usage", {
    where: "backbone",
    expected: `a node of ${name} that makes float32`,
    subject: "--features",
    got: `${tensor}, which makes ${type ?? "nothing"}`,
  });
}

function unknownNode(backbone: Backbone, name: string) {
  const known = ["pooled", ...(backbone.spatial === null ? [] : ["spatial"])];
  const names = backbone.graph.nodes.flatMap((node) => [node.name, ...node.outputs]);
  const near = nearest(name, [...known, ...names]);
  return unexpected("usage", {
    where: "backbone",
    expected: `${known.join(", ")} or the name of a node of ${backbone.name}`,
    subject: "--features",
    got: name,
    mend: (near === null ? "" : `did you mean ${near}? `) + "npx zx pipeline.ts backbone lists the nodes",
  });
}
