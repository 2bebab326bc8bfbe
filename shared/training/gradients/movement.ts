import type { GraphBuilder, Value } from "../builder.ts";
import { cutOut, joined, spread, surrounded } from "../movement.ts";
import { reducedAxes } from "../shapes/arithmetic.ts";
import { padsOf, permutationOf, sliceOf } from "../shapes/movement.ts";
import { attributeInt, fromFront, integers, misfit, sizeOf } from "../shapes/operands.ts";
import type { Differentiated, GradientRule } from "./rule.ts";

const backToShape: GradientRule = ({ a }, dy, g) => [g.reshape(dy, a.dims)];

/** Operators that move numbers, repeat them or sum them up. */
export const movementGradients: Readonly<Record<string, GradientRule>> = {
  // y = a with its axes in another order
  Transpose: ({ a, node }, dy, g) => [
    g.node("Transpose", [dy], { perm: inverse(permutationOf(node.attributes, a.dims.length)) }),
  ],
  // y = a in another shape
  Reshape: backToShape,
  Flatten: backToShape,
  Squeeze: backToShape,
  Unsqueeze: backToShape,
  // y = a, repeated
  Expand: ({ a }, dy, g) => [g.sumTo(dy, a.dims)],
  // y = a and b and … one behind the other
  Concat: ({ y, node }, dy, g) => {
    const axis = fromFront(attributeInt(node, "axis", 0), y.dims.length);
    let start = 0;
    return node.inputs.map((input) => {
      const end = start + (input?.dims[axis] ?? 0);
      const part = cutOut(g, dy, { [axis]: { start, end } });
      start = end;
      return part;
    });
  },
  // y = a part of a: nothing depends on the rest
  Slice: ({ a, node }, dy, g) => {
    const taken = sliceOf(node);
    if (taken.some(({ step }) => step < 1)) throw misfit(node, "steps forward", "one backward");
    const apart = taken.reduce((sum, { step }, axis) => spread(g, sum, axis, step), dy);
    const margins = taken.map(({ start }, axis) => {
      const [whole, part] = [a.dims[axis] ?? 0, apart.dims[axis] ?? 0];
      return [start, whole - start - part] as const;
    });
    return [surrounded(g, apart, margins)];
  },
  // y = a with constants around it
  Pad: ({ node }, dy, g) => [
    surrounded(
      g,
      dy,
      padsOf(node).map(([before, after]) => [-before, -after]),
    ),
  ],
  // y = the entries of a at constant places: each place's gradients are summed up
  Gather: (of, dy, g) => [gathered(of, dy, g), null],
  // y = Σ a
  ReduceSum: ({ a, node }, dy, g) => [g.expand(g.reshape(dy, keptDims(node)), a.dims)],
  // y = Σ a / n
  ReduceMean: ({ a, y, node }, dy, g) => [
    g.expand(g.reshape(g.mul(dy, sizeOf(y.dims) / sizeOf(a.dims)), keptDims(node)), a.dims),
  ],
  // y = the largest of a: those that are it share the gradient
  ReduceMax: ({ a, y, node }, dy, g) => {
    const kept = keptDims(node);
    const equal = g.cast(g.node("Equal", [a, g.reshape(y, kept)]), a.type);
    const share = g.div(g.reshape(dy, kept), g.sumOver(equal, reducedAxes(node)));
    return [g.mul(equal, share)];
  },
  // y = Σ a / n over height and width
  GlobalAveragePool: ({ a, y }, dy, g) => [g.expand(g.mul(dy, sizeOf(y.dims) / sizeOf(a.dims)), a.dims)],
};

function gathered({ a, node }: Differentiated, dy: Value, g: GraphBuilder): Value {
  const axis = fromFront(attributeInt(node, "axis", 0), a.dims.length);
  const length = a.dims[axis] ?? 0;
  const places = integers(node, 1).map((place) => fromFront(place, length));
  const rows = g.reshape(dy, [...a.dims.slice(0, axis), places.length, ...a.dims.slice(axis + 1)]);
  const at = (place: number) =>
    places.flatMap((one, i) =>
      one === place ? [cutOut(g, rows, { [axis]: { start: i, end: i + 1 } })] : [],
    );
  const used = [...new Set(places)].sort((p, q) => p - q);
  const parts = used.map((place, i) => {
    const sum = at(place).reduce((p, q) => g.add(p, q));
    const behind = (used[i + 1] ?? length) - place - 1;
    return surrounded(
      g,
      sum,
      a.dims.map((_, one) => (one === axis ? [i === 0 ? place : 0, behind] : [0, 0])),
    );
  });
  return joined(g, parts, axis);
}

/** A reduction's dimensions with the axes that it sums over kept, of length 1. */
function keptDims(node: Differentiated["node"]): number[] {
  const axes = reducedAxes(node);
  return (node.inputs[0]?.dims ?? []).map((dim, axis) => (axes.includes(axis) ? 1 : dim));
}

function inverse(order: readonly number[]): number[] {
  return order.map((_, axis) => order.indexOf(axis));
}
