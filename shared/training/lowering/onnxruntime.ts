import { PipelineError } from "../../errors.ts";
import type { Graph } from "../../onnx/graph.ts";
import { adopt } from "../adopt.ts";
import { GraphBuilder } from "../builder.ts";
import type { Value } from "../builder.ts";
import { reducedAxes } from "../shapes/arithmetic.ts";
import { attributeFloat, attributeInt, operand, sizeOf } from "../shapes/operands.ts";
import { convolutionOf, wayOf } from "./convolution.ts";
import { exchangedAxis, exchangedOrder, Layouts } from "./layouts.ts";
import type { Rewrite } from "./layouts.ts";
import { movementRewrites } from "./movement.ts";
import { poolingRewrites } from "./pooling.ts";
import { same } from "./same.ts";

/** As it is, in the layout that its operands have. */
const oneByOne: Rewrite = (node, l) => {
  if (node.output.dims.length !== 4 || !node.inputs.some((input) => l.isChannelsFirst(input)))
    return same(node, l);
  const operands = node.inputs.map((input) => input && l.channelsFirst(input));
  return { channelsFirst: l.g.node(node.op, operands, node.attributes) };
};

/**
 * Of two operands, a single number gets as many axes as the other has: beside [1152, 192, 1, 1], onnxruntime 1.30 takes forty
 * times as long with a number of no axes.
 */
const twoByTwo: Rewrite = (node, l) => {
  if (node.inputs.some((input) => l.isChannelsFirst(input))) return oneByOne(node, l);
  const rank = node.output.dims.length;
  const operands = node.inputs.map((input) => {
    const value = input && l.plain(input);
    return value && sizeOf(value.dims) === 1 ? l.g.reshape(value, new Array<number>(rank).fill(1)) : value;
  });
  return { plain: l.g.node(node.op, operands, node.attributes) };
};

/** Sums and means of a map go over its axes wherever they lie. */
const reduction: Rewrite = (node, l) => {
  const of = operand(node, 0);
  if (!l.isChannelsFirst(of)) return same(node, l);
  const map = l.channelsFirst(of);
  const axes = reducedAxes(node);
  const sum = l.g.sumOver(map, axes.map(exchangedAxis));
  const kept = node.op === "ReduceMean" ? l.g.mul(sum, 1 / countOf(of, axes)) : sum;
  if (attributeInt(node, "keepdims", 1) === 1) return { channelsFirst: kept };
  const order = exchangedOrder([0, 1, 2, 3]).filter((axis) => !axes.includes(axis));
  const flat = l.g.reshape(
    kept,
    order.map((axis) => of.dims[axis] ?? 1),
  );
  return { plain: inOrder(l, flat, order) };
};

/** How onnxruntime on the CPU computes each operator best: operator → what it becomes. */
const rewrites: Readonly<Record<string, Rewrite>> = {
  ...Object.fromEntries(
    [
      "Add",
      "Sub",
      "Mul",
      "Div",
      "Pow",
      "And",
      "Greater",
      "Less",
      "Equal",
      "PRelu",
      "Max",
      "Min",
      "Where",
    ].map((op) => [op, twoByTwo]),
  ),
  ...Object.fromEntries(
    [
      ...["Neg", "Exp", "Log", "Sqrt", "Reciprocal", "Erf", "Tanh", "Sigmoid", "HardSigmoid", "HardSwish"],
      ...["Gelu", "Relu", "Clip", "Cast", "Abs", "LeakyRelu", "Elu", "Softplus"],
    ].map((op) => [op, oneByOne]),
  ),
  ...Object.fromEntries(
    [
      ...["MatMul", "Gemm", "Softmax", "LogSoftmax", "LayerNormalization"],
      ...["Reshape", "Flatten", "Squeeze", "Unsqueeze", "Gather"],
    ].map((op) => [op, same]),
  ),
  ...poolingRewrites,
  ...movementRewrites,
  ReduceSum: reduction,
  ReduceMean: reduction,
  ReduceMax: (node, l) => {
    const of = operand(node, 0);
    const kept = l.g.largest(l.plain(of), reducedAxes(node));
    return { plain: l.g.reshape(kept, node.output.dims) };
  },
  Identity: (node, l) => l.get(operand(node, 0)),
  Conv(node, l) {
    const [x, w, bias] = [operand(node, 0), operand(node, 1), node.inputs[2]];
    const convolution = convolutionOf(node);
    const y = wayOf(convolution).forward(l.g, convolution, l.channelsFirst(x), l.plain(w));
    return { channelsFirst: bias ? l.g.add(y, l.g.reshape(l.plain(bias), [-1, 1, 1, 1])) : y };
  },
  ConvInputGradient(node, l) {
    const convolution = convolutionOf(node);
    const [dy, w] = [l.channelsFirst(operand(node, 0)), l.plain(operand(node, 1))];
    return { channelsFirst: wayOf(convolution).inputGradient(l.g, convolution, dy, w) };
  },
  ConvFilterGradient(node, l) {
    const convolution = convolutionOf(node);
    const [x, dy] = [l.channelsFirst(operand(node, 0)), l.channelsFirst(operand(node, 1))];
    return { plain: wayOf(convolution).filterGradient(l.g, convolution, x, dy) };
  },
  GlobalAveragePool: (node, l) => {
    const map = l.channelsFirst(operand(node, 0));
    return { channelsFirst: l.g.mean(map, [2, 3]) };
  },
  // One factor and one term a channel
  BatchNormalization(node, l) {
    const [scale, bias, mean, variance] = [1, 2, 3, 4].map((position) => l.plain(operand(node, position)));
    if (!scale || !bias || !mean || !variance)
      throw new Error("training: batch normalisation has five inputs");
    const column = (vector: Value) => l.g.reshape(vector, [-1, 1, 1, 1]);
    const factor = l.g.div(scale, l.g.sqrt(l.g.add(variance, attributeFloat(node, "epsilon", 1e-5))));
    const term = l.g.sub(bias, l.g.mul(mean, factor));
    const scaled = l.g.mul(l.channelsFirst(operand(node, 0)), column(factor));
    return { channelsFirst: l.g.add(scaled, column(term)) };
  },
};

/**
 * The same graph for onnxruntime on the CPU. Maps lie in memory as [c, n, h, w] from the first convolution on, so that a 1×1
 * convolution and both its gradients are products of matrices; other convolutions become products by one of several ways.
 * Only onnxruntime's own operators are left.
 *
 * @param graph of a training step: every dimension of its inputs is a number
 * @throws PipelineError `engine` naming the node, where an operator has no lowering
 */
export function loweredForOnnxruntime(graph: Graph): Graph {
  const source = new GraphBuilder(graph.opset);
  const outputs = adopt(source, graph, {}, new Set());
  const rules = source.nodes.map((node) => {
    const rewrite = Object.hasOwn(rewrites, node.op) ? rewrites[node.op] : undefined;
    if (rewrite !== undefined) return { node, rewrite };
    throw new PipelineError(
      "engine",
      `training: expected an operator that onnxruntime's lowering knows for "${node.node}" but got ${node.op}`,
    );
  });
  const g = new GraphBuilder(graph.opset);
  const l = new Layouts(g);
  for (const { name, type, dims } of source.inputs)
    l.set(source.value(name), { plain: g.input(name, type, dims) });
  for (const [name, tensor] of source.initializers)
    l.set(source.value(name), { plain: g.initializer(name, tensor) });
  for (const { node, rewrite } of rules) l.set(node.output, rewrite(node, l));
  return g.graph(
    graph.outputs.map(({ name }, i) => [name, l.plain(outputs[i] as Value)] as const),
    graph.metadata,
  );
}

function countOf(of: Value, axes: readonly number[]): number {
  return axes.reduce((product, axis) => product * (of.dims[axis] ?? 1), 1);
}

/** Axes that lie in memory in an order of their own, put in the usual one. */
function inOrder(l: Layouts, value: Value, order: readonly number[]): Value {
  const usual = [...order].sort((a, b) => a - b);
  const perm = usual.map((axis) => order.indexOf(axis));
  return perm.every((axis, i) => axis === i) ? value : l.g.node("Transpose", [value], { perm });
}
