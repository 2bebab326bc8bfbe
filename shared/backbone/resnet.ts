import type { Attribute, Graph, GraphNode, Tensor } from "../onnx/graph.ts";

/** What tells one residual network from another. */
export interface ResNet {
  /** two convolutions of 3 × 3, or 1 × 1, 3 × 3 and 1 × 1 with four times the maps behind them */
  readonly block: "basic" | "bottleneck";
  /** blocks in layer1 to layer4 */
  readonly repeats: readonly [number, number, number, number];
  /** maps of the stem and within layer1's blocks; they double with every layer */
  readonly width: number;
}

/** He et al., "Deep Residual Learning for Image Recognition", 2016, table 1. */
export const resNets: Readonly<Record<string, ResNet>> = {
  resnet18: { block: "basic", repeats: [2, 2, 2, 2], width: 64 },
  resnet34: { block: "basic", repeats: [3, 4, 6, 3], width: 64 },
  resnet50: { block: "bottleneck", repeats: [3, 4, 6, 3], width: 64 },
  resnet101: { block: "bottleneck", repeats: [3, 4, 23, 3], width: 64 },
  resnet152: { block: "bottleneck", repeats: [3, 8, 36, 3], width: 64 },
};

/** Raise it when the same weights would give another graph. */
export const resNetVersion = 1;

/** Gives the weights of a name, which must have these dimensions. */
export type TakeWeights = (name: string, dims: readonly number[]) => Tensor;

/**
 * A residual network as torchvision has it: of a bottleneck the 3 × 3 takes the stride ("V1.5"), convolutions have no
 * bias, batch normalisation is not folded.
 *
 * A node is called as torchvision's module, `layer4.2.conv1`, its weights as in the state dict, `layer4.2.conv1.weight`.
 * The tensors between blocks are `stem`, `layer1.0` … `layer4.2` (or whichever is the last: the map that enters the
 * pooling); then `pooled` and `logits`.
 *
 * Source: torchvision/models/resnet.py of torchvision 0.29.
 *
 * @param classes of the classifier
 * @param take asked for every tensor once, in the network's order
 * @returns a graph from `input` float32 [n, 3, side, side] to `logits` [n, classes], of any side
 */
export function resNetGraph({ block, repeats, width }: ResNet, classes: number, take: TakeWeights): Graph {
  const draft = new Draft(take);
  const blocks = [draft.stem("input", width)];
  let x: Maps = { tensor: "stem", channels: width };
  for (const [i, count] of repeats.entries())
    for (let j = 0; j < count; j++) {
      const stride = i > 0 && j === 0 ? 2 : 1;
      x = draft.block(block, `layer${i + 1}.${j}`, x, width * 2 ** i, stride);
      blocks.push(x.tensor);
    }
  draft.head(x, classes);
  return {
    opset,
    inputs: [{ name: "input", type: "float32", dims: ["n", 3, "side", "side"] }],
    outputs: [{ name: "logits", type: "float32", dims: ["n", classes] }],
    nodes: draft.nodes,
    initializers: draft.initializers,
    metadata: { blocks: JSON.stringify(blocks), preprocessing: JSON.stringify(preprocessing) },
  };
}

/** As old as models/efficientnet-lite0.onnx's. */
const opset = 17;

/** torchvision's BatchNorm2d */
const epsilon = 1e-5;

/**
 * ImageNet's mean and deviation, which torchvision's weights were trained with, of pixels from 0 to 255. The shorter side
 * goes to 224 as in the recipe that this project starts from (torchvision's own evaluation has 256).
 */
const preprocessing = {
  resize: 224,
  crop: 224,
  interpolation: "bilinear",
  mean: [123.675, 116.28, 103.53],
  std: [58.395, 57.12, 57.375],
  channels: "RGB",
  layout: "NCHW",
};

/** Maps [n, channels, h, w]. */
interface Maps {
  readonly tensor: string;
  readonly channels: number;
}

interface Window {
  readonly kernel: number;
  readonly stride: number;
}

/** Nodes and weights in the order in which they are asked for. */
class Draft {
  readonly nodes: GraphNode[] = [];
  readonly initializers = new Map<string, Tensor>();
  readonly #take: TakeWeights;

  constructor(take: TakeWeights) {
    this.#take = take;
  }

  stem(input: string, channels: number): string {
    const window = { kernel: 7, stride: 2 };
    const x = this.#convolved("conv1", "bn1", { tensor: input, channels: 3 }, channels, window);
    const y = this.#node("Relu", "relu", [x.tensor]);
    return this.#node("MaxPool", "maxpool", [y], windowed({ kernel: 3, stride: 2 }), "stem");
  }

  /** relu(branch(x) + x); x goes through a strided 1 × 1 convolution where the branch changes its shape. */
  block(kind: ResNet["block"], name: string, x: Maps, planes: number, stride: number): Maps {
    const branch =
      kind === "basic" ? this.#basic(name, x, planes, stride) : this.#bottleneck(name, x, planes, stride);
    const shortcut =
      stride === 1 && x.channels === branch.channels
        ? x
        : this.#downsampled(name, x, branch.channels, stride);
    const sum = this.#node("Add", `${name}.add`, [branch.tensor, shortcut.tensor]);
    return { tensor: this.#node("Relu", `${name}.relu`, [sum], {}, name), channels: branch.channels };
  }

  head(x: Maps, classes: number): void {
    const pooled = this.#node("GlobalAveragePool", "avgpool", [x.tensor]);
    this.#node("Flatten", "flatten", [pooled], { axis: 1 }, "pooled");
    const weights = [this.#weights("fc.weight", [classes, x.channels]), this.#weights("fc.bias", [classes])];
    this.#node("Gemm", "fc", ["pooled", ...weights], { transB: 1 }, "logits");
  }

  #basic(name: string, x: Maps, planes: number, stride: number): Maps {
    const first = this.#activated(name, 1, x, planes, { kernel: 3, stride });
    return this.#convolved(`${name}.conv2`, `${name}.bn2`, first, planes, { kernel: 3, stride: 1 });
  }

  #bottleneck(name: string, x: Maps, planes: number, stride: number): Maps {
    const narrow = this.#activated(name, 1, x, planes, { kernel: 1, stride: 1 });
    const inner = this.#activated(name, 2, narrow, planes, { kernel: 3, stride });
    return this.#convolved(`${name}.conv3`, `${name}.bn3`, inner, 4 * planes, { kernel: 1, stride: 1 });
  }

  #downsampled(name: string, x: Maps, channels: number, stride: number): Maps {
    return this.#convolved(`${name}.downsample.0`, `${name}.downsample.1`, x, channels, {
      kernel: 1,
      stride,
    });
  }

  #activated(name: string, number: number, x: Maps, channels: number, window: Window): Maps {
    const y = this.#convolved(`${name}.conv${number}`, `${name}.bn${number}`, x, channels, window);
    return { tensor: this.#node("Relu", `${name}.relu${number}`, [y.tensor]), channels };
  }

  /** Convolution and batch normalisation. */
  #convolved(conv: string, bn: string, x: Maps, channels: number, window: Window): Maps {
    const { kernel } = window;
    const weight = this.#weights(`${conv}.weight`, [channels, x.channels, kernel, kernel]);
    const y = this.#node("Conv", conv, [x.tensor, weight], {
      ...windowed(window),
      dilations: [1, 1],
      group: 1,
    });
    const statistics = ["weight", "bias", "running_mean", "running_var"].map((each) =>
      this.#weights(`${bn}.${each}`, [channels]),
    );
    const tensor = this.#node("BatchNormalization", bn, [y, ...statistics], { epsilon: { float: epsilon } });
    return { tensor, channels };
  }

  #weights(name: string, dims: readonly number[]): string {
    this.initializers.set(name, this.#take(name, dims));
    return name;
  }

  #node(
    op: string,
    name: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    output = name,
  ): string {
    this.nodes.push({ op, name, inputs, outputs: [output], attributes });
    return output;
  }
}

/** A square window, the map's edge padded so that stride 1 keeps its size. */
function windowed({ kernel, stride }: Window): Record<string, Attribute> {
  const pad = (kernel - 1) / 2;
  return { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: [pad, pad, pad, pad] };
}
