import type { Graph, GraphNode, Tensor } from "../onnx/graph.ts";
import { randomFor } from "../random.ts";

export interface HeadOptions {
  /** "linear", or "mlp:" and the width of the one hidden layer */
  readonly kind: string;
  /** length of the feature vector */
  readonly features: number;
  readonly classes: number;
  readonly seed: number;
  /** null: the features stay as they are */
  readonly standardisation: Standardisation | null;
  readonly opset: number;
}

/** What is subtracted from the features, [features], and what they are divided by, [features] or [1]. */
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
 * A new head: standardise, then x · w + b for each layer, a ReLU between layers. The standardisation is constant: it is no
 * part of what is trained. The last layer starts at zero, so that every class is as likely at first and no random weights
 * have to be unlearned.
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
    const initial = last ? zeros : uniform(options.seed, name, inputs);
    initializers.set(`${name}.weight`, initial([inputs, outputs]));
    initializers.set(`${name}.bias`, zeros([outputs]));
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

/** Uniform in ±1/√fanIn, as PyTorch's Linear starts: hidden units have to differ. A function of seed and layer. */
function uniform(seed: number, layer: string, fanIn: number) {
  const random = randomFor("head", seed, layer);
  const bound = 1 / Math.sqrt(fanIn);
  return (dims: readonly number[]) => filled(dims, () => (2 * random() - 1) * bound);
}

function zeros(dims: readonly number[]): Tensor {
  return filled(dims, () => 0);
}

function filled(dims: readonly number[], value: () => number): Tensor {
  const length = dims.reduce((product, dim) => product * dim, 1);
  return { type: "float32", dims, data: Float32Array.from({ length }, value) };
}

function vector(data: Float32Array): Tensor {
  return { type: "float32", dims: [data.length], data };
}
