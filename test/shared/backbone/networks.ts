import type { Graph, GraphNode, Tensor } from "../../../shared/onnx/graph.ts";
import { randomFor } from "../../../shared/random.ts";

/** A chain of nodes, each on the output of the one before; the last makes `logits`. */
export type Link = readonly [
  op: string,
  inputs?: readonly (string | Tensor)[],
  attributes?: GraphNode["attributes"],
];

export function weight(...dims: number[]): Tensor {
  const random = randomFor("weight", ...dims);
  const length = dims.reduce((product, dim) => product * dim, 1);
  return { type: "float32", dims, data: Float32Array.from({ length }, () => random() - 0.5) };
}

export function longs(...values: number[]): Tensor {
  return { type: "int64", dims: [values.length], data: BigInt64Array.from(values, BigInt) };
}

/** A small network on `x` float32 [n, 3, 8, 8]; the output of the i-th link is called t0, t1, … */
export function network(links: readonly Link[], changes: Partial<Graph> = {}): Graph {
  const initializers = new Map<string, Tensor>();
  let x = "x";
  const nodes = links.map(([op, inputs = [], attributes = {}], i) => {
    const others = inputs.map((input, j) => {
      if (typeof input === "string") return input;
      initializers.set(`w${i}.${j}`, input);
      return `w${i}.${j}`;
    });
    const output = i === links.length - 1 ? "logits" : `t${i}`;
    const node = { op, name: `${op} ${i}`, inputs: [x, ...others], outputs: [output], attributes };
    x = output;
    return node;
  });
  return {
    opset: 17,
    inputs: [{ name: "x", type: "float32", dims: ["n", 3, 8, 8] }],
    outputs: [{ name: "logits", type: "float32", dims: [] }],
    nodes,
    initializers,
    metadata: {},
    ...changes,
  };
}

/** A convolution of 3 × 3 with stride 2 to `channels` maps of 4 × 4. */
export function conv(channels: number): Link {
  return ["Conv", [weight(channels, 3, 3, 3)], { pads: [1, 1, 1, 1], strides: [2, 2], kernel_shape: [3, 3] }];
}
