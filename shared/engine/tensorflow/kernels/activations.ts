import { attributeFloat, attributeInt, fromFront } from "../../../training/shapes/operands.ts";
import type { Applied } from "../../../training/builder.ts";
import { Held } from "../held.ts";
import type { Operations } from "../operations.ts";
import type { DeviceTensor } from "../tfjs.ts";
import { broadcastable, each, type Kernel, type Kernels } from "./kernel.ts";

const one = (operator: string) => each((x, tf) => tf.run(operator, [x]));

/** Functions of one number, and softmax. */
export const activationKernels: Kernels = {
  Relu: one("Relu"),
  Sigmoid: one("Sigmoid"),
  Tanh: one("Tanh"),
  Erf: one("Erf"),
  Clip: (x, node, tf) => {
    const { tensor, order } = x(0);
    const bound = (position: number) => (node.inputs[position] ? x(position).plain : null);
    return new Held(tf, clipped(tf, tensor, bound(1), bound(2)), order);
  },
  Softplus: one("Softplus"),
  // max(a, 0) + α min(a, 0)
  LeakyRelu: each((x, tf, node) =>
    bent(tf, x, (below) => times(tf, below, attributeFloat(node, "alpha", 0.01))),
  ),
  // max(a, 0) + b min(a, 0)
  PRelu: (x, _, tf) => {
    const { tensor, order } = x(0);
    const slope = broadcastable(x(1), order, tf);
    return new Held(
      tf,
      bent(tf, tensor, (below) => tf.run("Mul", [below, slope])),
      order,
    );
  },
  // max(a, 0) + α (e^min(a, 0) − 1)
  Elu: each((x, tf, node) =>
    bent(tf, x, (below) => times(tf, tf.run("Expm1", [below]), attributeFloat(node, "alpha", 1))),
  ),
  // min(max(α a + β, 0), 1)
  HardSigmoid: each((x, tf, node) => {
    const [alpha, beta] = [attributeFloat(node, "alpha", 0.2), attributeFloat(node, "beta", 0.5)];
    return unitClipped(tf, plus(tf, times(tf, x, alpha), beta));
  }),
  // a min(max(a / 6 + 1/2, 0), 1)
  HardSwish: each((x, tf) => tf.run("Mul", [x, unitClipped(tf, plus(tf, times(tf, x, 1 / 6), 0.5))])),
  Gelu: each((x, tf, node) => {
    const share = node.attributes["approximate"] === "tanh" ? tanhShare(tf, x) : erfShare(tf, x);
    return tf.run("Mul", [times(tf, x, 0.5), plus(tf, share, 1)]);
  }),
  Softmax: alongLast("Softmax"),
  LogSoftmax: alongLast("LogSoftmax"),
};

/** max(a, 0) and what becomes of min(a, 0) */
function bent(
  tf: Operations,
  a: DeviceTensor,
  below: (negative: DeviceTensor) => DeviceTensor,
): DeviceTensor {
  return tf.run("AddV2", [tf.run("Relu", [a]), below(tf.run("Minimum", [a, tf.number(0)]))]);
}

/** erf(a / √2) */
function erfShare(tf: Operations, a: DeviceTensor): DeviceTensor {
  return tf.run("Erf", [times(tf, a, Math.SQRT1_2)]);
}

/** tanh(√(2/π) (a + 0.044715 a³)), which Hendrycks and Gimpel put in the place of erf(a / √2) */
function tanhShare(tf: Operations, a: DeviceTensor): DeviceTensor {
  const factor = plus(tf, times(tf, tf.run("Square", [a]), 0.044715), 1);
  return tf.run("Tanh", [tf.run("Mul", [times(tf, a, Math.sqrt(2 / Math.PI)), factor])]);
}

function clipped(
  tf: Operations,
  x: DeviceTensor,
  low: DeviceTensor | null,
  high: DeviceTensor | null,
): DeviceTensor {
  if (low !== null && high !== null) return tf.run("ClipByValue", [x, low, high]);
  if (low !== null) return tf.run("Maximum", [x, low]);
  return high === null ? x.clone() : tf.run("Minimum", [x, high]);
}

function unitClipped(tf: Operations, x: DeviceTensor): DeviceTensor {
  return clipped(tf, x, tf.number(0), tf.number(1));
}

function times(tf: Operations, x: DeviceTensor, factor: number): DeviceTensor {
  return tf.run("Mul", [x, tf.number(factor)]);
}

function plus(tf: Operations, x: DeviceTensor, term: number): DeviceTensor {
  return tf.run("AddV2", [x, tf.number(term)]);
}

/** TensorFlow's softmax runs along the axis that lies last. */
function alongLast(operator: string): Kernel {
  return (x, node, tf) => {
    const axis = axisOf(node);
    const order = [...x(0).order.filter((other) => other !== axis), axis];
    return new Held(tf, tf.run(operator, [x(0).in(order)]), order);
  };
}

/** The last by default (opset 13). */
function axisOf(node: Applied): number {
  return fromFront(attributeInt(node, "axis", -1), node.output.dims.length);
}
