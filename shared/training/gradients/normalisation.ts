import type { Value } from "../builder.ts";
import { attributeFloat, attributeInt, fromFront } from "../shapes/operands.ts";
import type { GradientRule } from "./rule.ts";

/** Batch normalisation with constant statistics, and layer normalisation. */
export const normalisationGradients: Readonly<Record<string, GradientRule>> = {
  // y = scale (a − mean) / √(variance + ε) + bias, by channel; mean and variance stay as they are
  BatchNormalization: ({ a, b: scale, node }, dy, g) => {
    const [, , , mean, variance] = node.inputs;
    if (!mean || !variance) throw new Error("training: batch normalisation has five inputs");
    const column = (vector: Value) =>
      g.reshape(vector, [scale.dims[0] ?? 1, ...a.dims.slice(2).map(() => 1)]);
    const deviation = g.sqrt(g.add(variance, attributeFloat(node, "epsilon", 1e-5)));
    const normal = g.div(g.sub(a, column(mean)), column(deviation));
    const sum = (value: Value) => g.reshape(g.sumTo(value, column(scale).dims), scale.dims);
    return [g.mul(dy, column(g.div(scale, deviation))), sum(g.mul(dy, normal)), sum(dy)];
  },
  // y = scale n + bias, n = (a − μ) / σ over the last axes: σ ∂/∂a = dn − mean(dn) − n mean(n dn), dn = scale dy
  // (Ba, Kiros and Hinton, "Layer Normalization", 2016)
  LayerNormalization: ({ a, b: scale, node }, dy, g) => {
    const first = fromFront(attributeInt(node, "axis", -1), a.dims.length);
    const axes = a.dims.flatMap((_, axis) => (axis >= first ? [axis] : []));
    const mean = (value: Value) => g.mean(value, axes);
    const centred = g.sub(a, mean(a));
    const deviation = g.sqrt(g.add(mean(g.mul(centred, centred)), attributeFloat(node, "epsilon", 1e-5)));
    const n = g.div(centred, deviation);
    const dn = g.mul(dy, scale);
    const da = g.div(g.sub(g.sub(dn, mean(dn)), g.mul(n, mean(g.mul(n, dn)))), deviation);
    return [da, g.sumTo(g.mul(dy, n), scale.dims), node.inputs[2] ? g.sumTo(dy, node.inputs[2].dims) : null];
  },
};
