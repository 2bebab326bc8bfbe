import type { Attribute, ElementType, Tensor } from "../onnx/graph.ts";
import { PipelineError } from "../errors.ts";

/** A tensor of a graph before it has numbers: its name, element type and dimensions, all known. */
export interface Value {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
}

export type Attributes = Readonly<Record<string, Attribute>>;

/** What a node is applied to, as shape rules need it: constants' numbers included. */
export interface Operands {
  readonly op: string;
  readonly node: string;
  /** null where an optional input is left out */
  readonly inputs: readonly (Value | null)[];
  readonly attributes: Attributes;
  constant(value: Value): Tensor | undefined;
}

type ShapeRule = (operands: Operands) => Pick<Value, "type" | "dims">;

/**
 * The type and dimensions of a node's output, by ONNX's operator definitions (opset 13 and later).
 *
 * @throws PipelineError `engine` naming the node, for an operator that is not in the table or dimensions that do not fit
 */
export function outputShape(operands: Operands): Pick<Value, "type" | "dims"> {
  const rule = shapeRules[operands.op];
  if (rule === undefined) throw misfit(operands, "an operator whose shapes are known", operands.op);
  return rule(operands);
}

const same: ShapeRule = (o) => operand(o, 0);

const elementwise: ShapeRule = (o) => ({
  type: operand(o, 0).type,
  dims: broadcast(o, operand(o, 0).dims, operand(o, 1).dims),
});

const comparison: ShapeRule = (o) => ({ type: "bool", dims: elementwise(o).dims });

const reduction: ShapeRule = (o) => {
  const { type, dims } = operand(o, 0);
  const axes = reducedAxes(o);
  const keep = o.attributes["keepdims"] !== 0;
  const kept = dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  return { type, dims: keep ? kept : kept.filter((_, axis) => !axes.includes(axis)) };
};

const shapeRules: Readonly<Record<string, ShapeRule>> = {
  Add: elementwise,
  Sub: elementwise,
  Mul: elementwise,
  Div: elementwise,
  Pow: elementwise,
  And: elementwise,
  Greater: comparison,
  Less: comparison,
  Neg: same,
  Exp: same,
  Log: same,
  Sqrt: same,
  Relu: same,
  Clip: same,
  Identity: same,
  LogSoftmax: same,
  Softmax: same,
  ReduceSum: reduction,
  ReduceMean: reduction,
  Cast: (o) => ({ type: castType(o), dims: operand(o, 0).dims }),
  MatMul: (o) => {
    const a = operand(o, 0);
    const b = operand(o, 1);
    if (a.dims.length < 2 || b.dims.length < 2 || a.dims.at(-1) !== b.dims.at(-2))
      throw misfit(o, "matrices [m, k] and [k, n]", `[${a.dims.join()}] and [${b.dims.join()}]`);
    const stack = broadcast(o, a.dims.slice(0, -2), b.dims.slice(0, -2));
    return { type: a.type, dims: [...stack, ...a.dims.slice(-2, -1), ...b.dims.slice(-1)] };
  },
  Gemm: (o) => {
    const [m, k] = turned(o, 0, "transA");
    const [k2, n] = turned(o, 1, "transB");
    if (k !== k2) throw misfit(o, "matrices [m, k] and [k, n]", `k of ${k} and ${k2}`);
    return { type: operand(o, 0).type, dims: [m, n] };
  },
  Transpose: (o) => {
    const { type, dims } = operand(o, 0);
    const order = permutationOf(o.attributes, dims.length);
    return { type, dims: order.map((axis) => dims[axis] ?? 0) };
  },
  Reshape: (o) => {
    const { type, dims } = operand(o, 0);
    return { type, dims: reshaped(o, dims, integers(o, 1)) };
  },
  Expand: (o) => {
    const { type, dims } = operand(o, 0);
    return { type, dims: broadcast(o, dims, integers(o, 1)) };
  },
};

/** The axes that a ReduceSum or ReduceMean sums over, counted from 0: an attribute or, in later opsets, an input. */
export function reducedAxes(o: Operands): number[] {
  const rank = operand(o, 0).dims.length;
  const attribute = o.attributes["axes"];
  const axes = Array.isArray(attribute) ? (attribute as number[]) : o.inputs[1] ? integers(o, 1) : [];
  if (axes.length === 0 && o.attributes["noop_with_empty_axes"] !== 1)
    return Array.from({ length: rank }, (_, axis) => axis);
  return axes.map((axis) => (axis < 0 ? axis + rank : axis));
}

/** The order of axes that a Transpose names; reversed where it names none. */
export function permutationOf(attributes: Attributes, rank: number): number[] {
  const order = attributes["perm"];
  return Array.isArray(order)
    ? (order as number[])
    : Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
}

function operand(o: Operands, position: number): Value {
  const value = o.inputs[position];
  if (!value) throw misfit(o, `an input at position ${position}`, "none");
  return value;
}

function integers(o: Operands, position: number): number[] {
  const tensor = o.constant(operand(o, position));
  if (!(tensor?.data instanceof BigInt64Array))
    throw misfit(o, `a constant int64 input at position ${position}`, "a computed one");
  return Array.from(tensor.data, Number);
}

function turned(o: Operands, position: number, flag: string): [number, number] {
  const [rows, columns] = operand(o, position).dims;
  if (rows === undefined || columns === undefined) throw misfit(o, "a matrix", "fewer dimensions");
  return o.attributes[flag] === 1 ? [columns, rows] : [rows, columns];
}

function castType(o: Operands): ElementType {
  const type = castTypes[Number(o.attributes["to"])];
  if (type === undefined) throw misfit(o, "float32 or float64 to cast to", "another type");
  return type;
}

/** TensorProto.DataType */
const castTypes: Readonly<Record<number, ElementType>> = { 1: "float32", 11: "float64" };

function reshaped(o: Operands, from: readonly number[], to: readonly number[]): number[] {
  const size = from.reduce((product, dim) => product * dim, 1);
  const asked = to.map((dim, axis) => (dim === 0 ? (from[axis] ?? 0) : dim));
  const known = asked.reduce((product, dim) => (dim === -1 ? product : product * dim), 1);
  const dims = asked.map((dim) => (dim === -1 ? size / known : dim));
  if (dims.reduce((product, dim) => product * dim, 1) !== size)
    throw misfit(o, `a shape of ${size} elements`, `[${to.join()}]`);
  return dims;
}

function broadcast(o: Operands, a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const x = a[axis - rank + a.length] ?? 1;
    const y = b[axis - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1)
      throw misfit(o, "dimensions that broadcast", `[${a.join()}] and [${b.join()}]`);
    return x === 1 ? y : x;
  });
}

function misfit(o: Operands, expected: string, got: string): PipelineError {
  return new PipelineError(
    "engine",
    `training: expected ${expected} for "${o.node}" (${o.op}) but got ${got}`,
  );
}
