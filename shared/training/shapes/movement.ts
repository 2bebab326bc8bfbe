import { broadcast } from "./arithmetic.ts";
import {
  attributeInt,
  attributeInts,
  fromFront,
  integers,
  misfit,
  namedAxes,
  operand,
  sizeOf,
} from "./operands.ts";
import type { Attributes, Operands, ShapeRule } from "./operands.ts";

/** Operators that only move numbers. */
export const movementShapes: Readonly<Record<string, ShapeRule>> = {
  Transpose: (o) => {
    const { type, dims } = operand(o, 0);
    const order = permutationOf(o.attributes, dims.length);
    return { type, dims: order.map((axis) => dims[axis] ?? 0) };
  },
  Reshape: (o) => {
    const { type, dims } = operand(o, 0);
    return { type, dims: reshaped(o, dims, integers(o, 1)) };
  },
  Flatten: (o) => {
    const { type, dims } = operand(o, 0);
    const axis = fromFront(attributeInt(o, "axis", 1), dims.length);
    return { type, dims: [sizeOf(dims.slice(0, axis)), sizeOf(dims.slice(axis))] };
  },
  Squeeze: (o) => {
    const { type, dims } = operand(o, 0);
    const axes = namedAxes(o, 1, dims.length);
    return { type, dims: dims.filter((dim, axis) => !(axes?.includes(axis) ?? dim === 1)) };
  },
  Unsqueeze: (o) => {
    const { type, dims } = operand(o, 0);
    const rank = dims.length + (attributeInts(o, "axes") ?? integers(o, 1)).length;
    const axes = namedAxes(o, 1, rank) ?? [];
    const rest = dims.values();
    return {
      type,
      dims: Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : (rest.next().value ?? 1))),
    };
  },
  Expand: (o) => {
    const { type, dims } = operand(o, 0);
    return { type, dims: broadcast(o, dims, integers(o, 1)) };
  },
  Concat: (o) => {
    const { type, dims } = operand(o, 0);
    const along = fromFront(attributeInt(o, "axis", 0), dims.length);
    const total = o.inputs.reduce((sum, input) => sum + (input?.dims[along] ?? 0), 0);
    for (const input of o.inputs)
      if (input?.dims.some((dim, axis) => axis !== along && dim !== dims[axis]))
        throw misfit(o, "inputs that differ along one axis", `[${dims.join()}] and [${input.dims.join()}]`);
    return { type, dims: dims.map((dim, axis) => (axis === along ? total : dim)) };
  },
  Slice: (o) => ({ type: operand(o, 0).type, dims: sliceOf(o).map(({ count }) => count) }),
  Pad: (o) => {
    const { type, dims } = operand(o, 0);
    const pads = padsOf(o);
    return { type, dims: dims.map((dim, axis) => dim + (pads[axis]?.[0] ?? 0) + (pads[axis]?.[1] ?? 0)) };
  },
  Gather: (o) => {
    const { type, dims } = operand(o, 0);
    const along = fromFront(attributeInt(o, "axis", 0), dims.length);
    return { type, dims: [...dims.slice(0, along), ...operand(o, 1).dims, ...dims.slice(along + 1)] };
  },
};

/** The order of axes that a Transpose names; reversed where it names none. */
export function permutationOf(attributes: Attributes, rank: number): number[] {
  const order = attributes["perm"];
  return Array.isArray(order)
    ? (order as number[])
    : Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
}

/** What a Slice takes along an axis: `count` elements from `start` on, each `step` behind the last (before it: negative). */
export interface Taken {
  readonly start: number;
  readonly count: number;
  readonly step: number;
}

/** What a Slice takes, axis by axis. */
export function sliceOf(o: Operands): Taken[] {
  const { dims } = operand(o, 0);
  const [starts, ends] = [integers(o, 1), integers(o, 2)];
  const axes = o.inputs[3]
    ? integers(o, 3).map((axis) => fromFront(axis, dims.length))
    : starts.map((_, i) => i);
  const steps = o.inputs[4] ? integers(o, 4) : starts.map(() => 1);
  return dims.map((dim, axis) => {
    const at = axes.indexOf(axis);
    if (at === -1) return { start: 0, count: dim, step: 1 };
    const [start = 0, end = dim, step = 1] = [starts[at], ends[at], steps[at]];
    // Backwards, an end before the first element is -1, and so is the least that ONNX counts from behind.
    const [least, most] = step > 0 ? [0, dim] : [-1, dim - 1];
    const bound = (position: number) => Math.min(Math.max(fromFront(position, dim), least), most);
    return { start: bound(start), count: Math.max(0, Math.ceil((bound(end) - bound(start)) / step)), step };
  });
}

/** What a Pad puts before and behind, axis by axis; negative where it takes away. */
export function padsOf(o: Operands): (readonly [before: number, after: number])[] {
  const { dims } = operand(o, 0);
  const mode = o.attributes["mode"] ?? "constant";
  if (mode !== "constant")
    throw misfit(o, "constant padding", typeof mode === "string" ? mode : "another mode");
  const pads = integers(o, 1);
  const axes = o.inputs[3]
    ? integers(o, 3).map((axis) => fromFront(axis, dims.length))
    : dims.map((_, axis) => axis);
  return dims.map((_, axis) => {
    const at = axes.indexOf(axis);
    return at === -1 ? [0, 0] : [pads[at] ?? 0, pads[at + axes.length] ?? 0];
  });
}

function reshaped(o: Operands, from: readonly number[], to: readonly number[]): number[] {
  const size = sizeOf(from);
  const asked = to.map((dim, axis) => (dim === 0 ? (from[axis] ?? 0) : dim));
  const known = asked.reduce((product, dim) => (dim === -1 ? product : product * dim), 1);
  const dims = asked.map((dim) => (dim === -1 ? size / known : dim));
  if (sizeOf(dims) !== size) throw misfit(o, `a shape of ${size} elements`, `[${to.join()}]`);
  return dims;
}
