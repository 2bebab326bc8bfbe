import type { GraphNode, Tensor } from "../onnx/graph.ts";
import type { Preprocessing } from "./preprocessing.ts";

/** Nodes that turn pixels into a network's input. */
interface Normalisation {
  readonly nodes: readonly GraphNode[];
  readonly initializers: ReadonlyMap<string, Tensor>;
  /** the tensor that they make, float32 in the network's layout */
  readonly output: string;
}

/**
 * `image` uint8 [n, h, w, 3] → (pixel - mean) / std, float32, in the network's layout.
 *
 * The pixels are transposed while they are one byte each.
 */
export function normalisation({ mean, std, layout }: Preprocessing, prefix: string): Normalisation {
  const shape = layout === "NCHW" ? [1, 3, 1, 1] : [1, 1, 1, 3];
  const vector = (values: readonly number[]): Tensor => ({
    type: "float32",
    dims: shape,
    data: Float32Array.from(values),
  });
  const nodes: GraphNode[] = [];
  let x = "image";
  const then = (op: string, name: string, more: string[], attributes: GraphNode["attributes"] = {}) => {
    nodes.push({ op, name: prefix + name, inputs: [x, ...more], outputs: [prefix + name], attributes });
    x = prefix + name;
  };
  if (layout === "NCHW") then("Transpose", "planes", [], { perm: [0, 3, 1, 2] });
  then("Cast", "float", [], { to: 1 });
  then("Sub", "centred", [`${prefix}mean`]);
  then("Div", "scaled", [`${prefix}std`]);
  const initializers = new Map([
    [`${prefix}mean`, vector(mean)],
    [`${prefix}std`, vector(std)],
  ]);
  return { nodes, initializers, output: x };
}
