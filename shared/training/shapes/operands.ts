import { PipelineError } from "../../errors.ts";
import type { Attribute, ElementType, Tensor } from "../../onnx/graph.ts";

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

/** Type and dimensions of a node's output. */
export type ShapeRule = (operands: Operands) => Pick<Value, "type" | "dims">;

export function operand(o: Operands, position: number): Value {
  const value = o.inputs[position];
  if (!value) throw misfit(o, `an input at position ${position}`, "none");
  return value;
}

/** The numbers of an input that must be constant: axes, a shape, pads. */
export function integers(o: Operands, position: number): number[] {
  const { data } = o.constant(operand(o, position)) ?? {};
  if (data instanceof BigInt64Array || data instanceof Int32Array) return Array.from(data, Number);
  throw misfit(o, `constant integers at position ${position}`, "a computed input");
}

export function attributeInts(o: Operands, name: string): readonly number[] | null {
  const value = o.attributes[name];
  return Array.isArray(value) ? (value as readonly number[]) : null;
}

export function attributeInt(o: Operands, name: string, otherwise: number): number {
  return attributeIntOrNull(o, name) ?? otherwise;
}

export function attributeIntOrNull(o: Operands, name: string): number | null {
  const value = o.attributes[name];
  return typeof value === "number" ? value : null;
}

export function attributeFloat(o: Operands, name: string, otherwise: number): number {
  const value = o.attributes[name];
  return typeof value === "object" && "float" in value ? value.float : otherwise;
}

export function attributeString(o: Operands, name: string, otherwise: string): string {
  const value = o.attributes[name];
  return typeof value === "string" ? value : otherwise;
}

/** Axes that an attribute names or, in later opsets, a constant input; counted from 0. Null where neither is there. */
export function namedAxes(o: Operands, position: number, rank: number): number[] | null {
  const axes = attributeInts(o, "axes") ?? (o.inputs[position] ? integers(o, position) : null);
  return axes?.map((axis) => fromFront(axis, rank)) ?? null;
}

/** An axis counted from 0, where a negative one is counted from behind. */
export function fromFront(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

export function misfit(o: Pick<Operands, "node" | "op">, expected: string, got: string): PipelineError {
  return new PipelineError(
    "engine",
    `training: expected ${expected} for "${o.node}" (${o.op}) but got ${got}`,
  );
}
