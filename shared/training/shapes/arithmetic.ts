import type { ElementType } from "../../onnx/graph.ts";
import { attributeInt, misfit, namedAxes, operand } from "./operands.ts";
import type { Operands, ShapeRule } from "./operands.ts";

const same: ShapeRule = (o) => operand(o, 0);

const elementwise: ShapeRule = (o) => ({
  type: operand(o, 0).type,
  dims: broadcast(o, operand(o, 0).dims, operand(o, 1).dims),
});

const variadic: ShapeRule = (o) => ({
  type: operand(o, 0).type,
  dims: o.inputs.reduce<number[]>((dims, input) => broadcast(o, dims, input?.dims ?? []), []),
});

const comparison: ShapeRule = (o) => ({ type: "bool", dims: elementwise(o).dims });

const reduction: ShapeRule = (o) => {
  const { type, dims } = operand(o, 0);
  const axes = reducedAxes(o);
  const keep = o.attributes["keepdims"] !== 0;
  const kept = dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  return { type, dims: keep ? kept : kept.filter((_, axis) => !axes.includes(axis)) };
};

/** Operators that take numbers one by one, or sum them up. */
export const arithmeticShapes: Readonly<Record<string, ShapeRule>> = {
  Add: elementwise,
  Sub: elementwise,
  Mul: elementwise,
  Div: elementwise,
  Pow: elementwise,
  And: elementwise,
  PRelu: elementwise,
  Max: variadic,
  Min: variadic,
  Where: (o) => {
    const { type, dims } = operand(o, 1);
    return { type, dims: broadcast(o, operand(o, 0).dims, broadcast(o, dims, operand(o, 2).dims)) };
  },
  Greater: comparison,
  Less: comparison,
  Equal: comparison,
  Neg: same,
  Abs: same,
  Exp: same,
  Log: same,
  Sqrt: same,
  Reciprocal: same,
  Erf: same,
  Tanh: same,
  Sigmoid: same,
  HardSigmoid: same,
  HardSwish: same,
  Gelu: same,
  Relu: same,
  LeakyRelu: same,
  Elu: same,
  Softplus: same,
  Clip: same,
  Identity: same,
  LogSoftmax: same,
  Softmax: same,
  BatchNormalization: same,
  LayerNormalization: same,
  ReduceSum: reduction,
  ReduceMean: reduction,
  ReduceMax: reduction,
  GlobalAveragePool: (o) => {
    const { type, dims } = operand(o, 0);
    return { type, dims: dims.map((dim, axis) => (axis < 2 ? dim : 1)) };
  },
  Cast: (o) => ({ type: castType(o), dims: operand(o, 0).dims }),
};

/** The axes that a ReduceSum, ReduceMean or ReduceMax goes over, counted from 0: an attribute or, in later opsets, an input. */
export function reducedAxes(o: Operands): number[] {
  const rank = operand(o, 0).dims.length;
  const axes = namedAxes(o, 1, rank) ?? [];
  if (axes.length === 0 && attributeInt(o, "noop_with_empty_axes", 0) !== 1)
    return Array.from({ length: rank }, (_, axis) => axis);
  return axes;
}

export function broadcast(o: Operands, a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const x = a[axis - rank + a.length] ?? 1;
    const y = b[axis - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1)
      throw misfit(o, "dimensions that broadcast", `[${a.join()}] and [${b.join()}]`);
    return x === 1 ? y : x;
  });
}

function castType(o: Operands): ElementType {
  const type = castTypes[Number(o.attributes["to"])];
  if (type === undefined) throw misfit(o, "float32 or float64 to cast to", "another type");
  return type;
}

/** TensorProto.DataType */
const castTypes: Readonly<Record<number, ElementType>> = { 1: "float32", 11: "float64" };
