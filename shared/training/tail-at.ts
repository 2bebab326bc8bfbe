import type { Backbone } from "../backbone/backbone.ts";
import type { Beginning } from "../backbone/frozen.ts";
import { fromPixels } from "./from-pixels.ts";
import type { Head } from "./head.ts";
import { type Tail, tailGraph } from "./tail.ts";

/** The part of a network that is trained, from what is kept at its boundary to the logits. */
export function tailAt(
  backbone: Backbone,
  { node, dims }: Beginning,
  head: Head,
  batchNormalisation: "frozen" | "trained",
): Tail {
  if (node === "pooled") return headAlone(backbone, head);
  if (node !== "pixels") return tailGraph(backbone, node, dims, head, { batchNormalisation });
  const { crop, layout } = backbone.preprocessing;
  const input = layout === "NCHW" ? [3, crop, crop] : [crop, crop, 3];
  return fromPixels(backbone, tailGraph(backbone, backbone.input, input, head, { batchNormalisation }));
}

/** Everything is frozen: the head is all there is to train, in its own operator set. */
function headAlone(backbone: Backbone, { graph, weights, biases }: Head): Tail {
  const parameters = { weights, biases, norms: [] };
  return { graph, input: "features", blocks: [], head: parameters, network: backbone.graph, headPrefix: "" };
}

/** Names of everything that can be trained in a tail. */
export function trainableIn({ blocks, head }: Tail): string[] {
  return [...blocks, head].flatMap(({ weights, biases, norms }) => [...weights, ...biases, ...norms]);
}
