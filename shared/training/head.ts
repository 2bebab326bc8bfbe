import type { Graph, GraphNode, Tensor } from "../onnx/graph.ts";
import { randomFor } from "../random.ts";

export interface HeadOptions {
  /** "linear", or "mlp:" and the width of the one hidden layer */
  readonly kind: string;
  /** length of the feature vector */
  readonly features: number;
  readonly classes: number;
  readonly seed: number;
  /** each [features]: what is subtracted from the features and what they are divided by; null: they stay as they are */
  readonly standardisation: Standardisation | null;
  readonly opset: number;
}

export interface Standardisation {
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
}

/** A network for the top of a backbone, and the names of what is trained in it. */
export interface Head {
  /** `features` [n, features] → `logits` [n, classes], float32 */
  readonly graph: Graph;
  readonly weights: readonly string[];
  readonly biases: readonly string[];
}

/**
 * A new head: standardise, then x · w + b, for each layer, a ReLU between layers. The standardisation is constant: it is no
 * part of what is trained.
 */
export function newHead(options: HeadOptions): Head {
  const widths = [options.features, ...hiddenWidths(options.kind), options.classes];
  const layers = widths.slice(1).map((outputs, i) => ({
    name: widths.length === 2 ? "head" : `head.${i}`,
    inputs: widths[i] ?? 0,
    outputs,
  }));
  const initializers = new Map<string, Tensor>();
  const nodes: GraphNode[] = [];
  let x = "features";
  const then = (op: string, more: string[], output: string) => {
    nodes.push({ op, name: output, inputs: [x, ...more], outputs: [output], attributes: {} });
    x = output;
  };
  if (options.standardisation !== null) {
    const { mean, deviation } = options.standardisation;
    initializers.set("head.mean", vector(mean));
    initializers.set("head.deviation", vector(deviation));
    then("Sub", ["head.mean"], "head.centred");
    then("Div", ["head.deviation"], "head.standardised");
  }
  for (const [i, { name, inputs, outputs }] of layers.entries()) {
    const last = i === layers.length - 1;
    initializers.set(`${name}.weight`, uniform(options.seed, `${name}.weight`, [inputs, outputs], inputs));
    initializers.set(`${name}.bias`, uniform(options.seed, `${name}.bias`, [outputs], inputs));
    then("MatMul", [`${name}.weight`], `${name}.product`);
    then("Add", [`${name}.bias`], last ? "logits" : `${name}.sum`);
    if (!last) then("Relu", [], `${name}.output`);
  }
  return {
    graph: {
      opset: options.opset,
      inputs: [{ name: "features", type: "float32", dims: ["n", options.features] }],
      outputs: [{ name: "logits", type: "float32", dims: ["n", options.classes] }],
      nodes,
      initializers,
      metadata: {},
    },
    weights: layers.map(({ name }) => `${name}.weight`),
    biases: layers.map(({ name }) => `${name}.bias`),
  };
}

function hiddenWidths(kind: string): number[] {
  return kind === "linear" ? [] : [Number(kind.slice("mlp:".length))];
}

/** Uniform in ±1/√fanIn: what PyTorch's Linear starts from. A function of seed and name. */
function uniform(seed: number, name: string, dims: readonly number[], fanIn: number): Tensor {
  const random = randomFor("head", seed, name);
  const bound = 1 / Math.sqrt(fanIn);
  const size = dims.reduce((product, dim) => product * dim, 1);
  return {
    type: "float32",
    dims,
    data: Float32Array.from({ length: size }, () => (2 * random() - 1) * bound),
  };
}

function vector(data: Float32Array): Tensor {
  return { type: "float32", dims: [data.length], data };
}
