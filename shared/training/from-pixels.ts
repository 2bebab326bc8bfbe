import type { Backbone } from "../backbone/backbone.ts";
import { freshPrefix } from "../backbone/frozen.ts";
import { normalisation } from "../backbone/normalisation.ts";
import { namesIn, renamed } from "../onnx/subgraph.ts";
import type { Tail } from "./tail.ts";

/** A tail that begins at the network's input, with the normalisation before it: `image` uint8 [n, side, side, 3] → `logits`. */
export function fromPixels(backbone: Backbone, tail: Tail): Tail {
  const front = normalisation(backbone.preprocessing, freshPrefix(namesIn(tail.graph), "normalised"));
  const inner = renamed(tail.graph, (name) => (name === tail.input ? front.output : name));
  const side = backbone.preprocessing.crop;
  return {
    ...tail,
    input: "image",
    graph: {
      ...inner,
      inputs: [{ name: "image", type: "uint8", dims: ["n", side, side, 3] }],
      nodes: [...front.nodes, ...inner.nodes],
      initializers: new Map([...front.initializers, ...inner.initializers]),
    },
  };
}
