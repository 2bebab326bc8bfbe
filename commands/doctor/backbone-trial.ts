import type { Backbone } from "../../shared/backbone/backbone.ts";
import { frozenGraph } from "../../shared/backbone/frozen.ts";
import type { TrialGraph } from "../../shared/engine/trial/graph.ts";
import { elementTypes } from "../../shared/onnx/element-types.ts";
import { serializeModel } from "../../shared/onnx/file.ts";
import type { Graph, GraphNode } from "../../shared/onnx/graph.ts";
import { randomFor } from "../../shared/random.ts";

/** A network's way from the pixels to its pooled features, over images of noise. */
export function featuresOfNoise(backbone: Backbone, images: number): TrialGraph {
  const graph = frozenGraph(backbone, "pooled");
  return { model: serializeModel(graph), feeds: noise(graph, images), outputs: ["features"] };
}

/** The same for one image, with what every node makes on the way. */
export function everyNodeOfNoise(backbone: Backbone): TrialGraph & { readonly nodes: readonly GraphNode[] } {
  const graph = frozenGraph(backbone, "pooled");
  const types = elementTypes(graph);
  const nodes = graph.nodes.filter(({ outputs }) => outputs[0] !== undefined);
  const names = nodes.map(({ outputs }) => outputs[0] ?? "");
  const ports = names.map((name) => ({ name, type: types.get(name) ?? "float32", dims: [] }));
  const model = serializeModel({ ...graph, outputs: ports });
  return { model, feeds: noise(graph, 1), outputs: names, nodes };
}

function noise({ inputs }: Graph, images: number): TrialGraph["feeds"] {
  const shape = (inputs[0]?.dims.slice(1) ?? []) as number[];
  const random = randomFor("doctor", "noise");
  const size = shape.reduce((product, length) => product * length, images);
  const data = Uint8Array.from({ length: size }, () => 256 * random());
  return { image: { type: "uint8", dims: [images, ...shape], data } };
}
