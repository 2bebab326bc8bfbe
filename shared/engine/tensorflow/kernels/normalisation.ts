import { attributeFloat, attributeInt, fromFront } from "../../../training/shapes/operands.ts";
import { channelsLast, Held } from "../held.ts";
import type { Operations } from "../operations.ts";
import type { DeviceTensor } from "../tfjs.ts";
import type { Kernels } from "./kernel.ts";

/** Batch normalisation with the statistics that it is given, and layer normalisation. */
export const normalisationKernels: Kernels = {
  // scale (a − mean) / √(variance + ε) + bias, as one factor and one term a channel
  BatchNormalization: (x, node, tf) => {
    const [scale, bias, mean, variance] = [x(1).plain, x(2).plain, x(3).plain, x(4).plain];
    const factor = tf.run("Mul", [scale, inverseRoot(tf, variance, attributeFloat(node, "epsilon", 1e-5))]);
    const term = tf.run("Sub", [bias, tf.run("Mul", [mean, factor])]);
    const order = x(0).rank === 4 ? channelsLast : null;
    if (order === null) throw new Error(`engine: "${node.node}" normalises no maps`);
    return new Held(tf, tf.run("AddV2", [tf.run("Mul", [x(0).in(order), factor]), term]), order);
  },
  // scale (a − μ) / √(σ² + ε) + bias, μ and σ over the last axes
  LayerNormalization: (x, node, tf) => {
    const a = x(0).plain;
    const first = fromFront(attributeInt(node, "axis", -1), x(0).rank);
    const axes = tf.ints(x(0).dims.flatMap((_, axis) => (axis >= first ? [axis] : [])));
    const mean = tf.run("Mean", [a, axes], { keep_dims: true });
    const variance = tf.run("Mean", [tf.run("SquaredDifference", [a, mean]), axes], { keep_dims: true });
    const centred = tf.run("Sub", [a, mean]);
    const normal = tf.run("Mul", [centred, inverseRoot(tf, variance, attributeFloat(node, "epsilon", 1e-5))]);
    const scaled = tf.run("Mul", [normal, x(1).plain]);
    return new Held(tf, node.inputs[2] ? tf.run("AddV2", [scaled, x(2).plain]) : scaled);
  },
};

/** 1 / √(variance + ε) */
function inverseRoot(tf: Operations, variance: DeviceTensor, epsilon: number): DeviceTensor {
  return tf.run("Rsqrt", [tf.run("AddV2", [variance, tf.number(epsilon)])]);
}
