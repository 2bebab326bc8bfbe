import type { Applied, Attributes, Value } from "../builder.ts";
import { attributeInt, attributeInts } from "../shapes/operands.ts";
import { windowAttributes, windowOf } from "../window.ts";
import type { GradientRule } from "./rule.ts";

/**
 * Convolution and pooling. Their gradients are operators of our own, which name what an engine's lowering is to compute:
 *
 * - ConvInputGradient(dy, w) and ConvFilterGradient(x, dy), with Conv's attributes and the dimensions of what they give
 * - AveragePoolGradient(dy) and MaxPoolGradient(x, y, dy), likewise
 */
export const windowGradients: Readonly<Record<string, GradientRule>> = {
  // y = a ∗ b + c
  Conv: ({ a, b, node }, dy, g) => {
    const attributes = { ...windowOfNode(node, a, b.dims.slice(2)), group: attributeInt(node, "group", 1) };
    const bias = node.inputs[2];
    return [
      g.node("ConvInputGradient", [dy, b], { ...attributes, input_shape: a.dims }),
      g.node("ConvFilterGradient", [a, dy], { ...attributes, filter_shape: b.dims }),
      bias ? g.reshape(g.sumOver(dy, [0, 2, 3]), bias.dims) : null,
    ];
  },
  // y = the mean of a under each window
  AveragePool: ({ a, node }, dy, g) => [
    g.node("AveragePoolGradient", [dy], {
      ...windowOfNode(node, a),
      ceil_mode: attributeInt(node, "ceil_mode", 0),
      count_include_pad: attributeInt(node, "count_include_pad", 0),
      input_shape: a.dims,
    }),
  ],
  // y = the largest of a under each window: the gradient goes to where it was, the first place where there are several
  MaxPool: ({ a, y, node }, dy, g) => [
    g.node("MaxPoolGradient", [a, y, dy], {
      ...windowOfNode(node, a),
      ceil_mode: attributeInt(node, "ceil_mode", 0),
    }),
  ],
};

function windowOfNode(
  node: Applied,
  map: Value,
  kernel = attributeInts(node, "kernel_shape") ?? [],
): Attributes {
  return windowAttributes(windowOf(node, map.dims, kernel));
}
