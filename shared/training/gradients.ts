import type { Applied, GraphBuilder, Value } from "./builder.ts";
import { permutationOf, reducedAxes } from "./shapes.ts";

/** A node under differentiation: y = op(a, b, c). */
export interface Differentiated {
  readonly a: Value;
  readonly b: Value;
  readonly c: Value;
  readonly y: Value;
  readonly node: Applied;
}

/** From the loss's gradient by y, its gradients by a, b, c; null where there is none to pass on. */
type GradientRule = (of: Differentiated, dy: Value, g: GraphBuilder) => readonly (Value | null)[];

/** All of differentiation: operator → its rule. What broadcasting repeated, `sumTo` sums up again. */
export const gradientRules: Readonly<Record<string, GradientRule>> = {
  Identity: (_, dy) => [dy],
  // y = a + b
  Add: ({ a, b }, dy, g) => [g.sumTo(dy, a.dims), g.sumTo(dy, b.dims)],
  // y = a − b
  Sub: ({ a, b }, dy, g) => [g.sumTo(dy, a.dims), g.sumTo(g.neg(dy), b.dims)],
  // y = a b
  Mul: ({ a, b }, dy, g) => [g.sumTo(g.mul(dy, b), a.dims), g.sumTo(g.mul(dy, a), b.dims)],
  // y = a / b: ∂y/∂b = −y / b
  Div: ({ a, b, y }, dy, g) => [
    g.sumTo(g.div(dy, b), a.dims),
    g.sumTo(g.neg(g.div(g.mul(dy, y), b)), b.dims),
  ],
  // y = −a
  Neg: (_, dy, g) => [g.neg(dy)],
  // y = eᵃ
  Exp: ({ y }, dy, g) => [g.mul(dy, y)],
  // y = ln a
  Log: ({ a }, dy, g) => [g.div(dy, a)],
  // y = √a
  Sqrt: ({ y }, dy, g) => [g.div(dy, g.mul(y, 2))],
  // y = max(a, 0)
  Relu: ({ y }, dy, g) => [g.mul(dy, g.above(y, 0))],
  // y = min(max(a, b), c): passes where a was not clipped
  Clip: ({ a, b, c }, dy, g) => [g.mul(dy, g.mul(g.above(a, b), g.below(a, c))), null, null],
  // y = a · b
  MatMul: ({ a, b }, dy, g) => [
    g.sumTo(g.matMulTransposedRight(dy, b), a.dims),
    g.sumTo(g.matMulTransposedLeft(a, dy), b.dims),
  ],
  // y = α a · b + β c, a and b transposed where the node says so
  Gemm: (of, dy, g) => {
    const { a, b, node } = of;
    const scaled = g.mul(dy, float(node, "alpha"));
    const da = flag(node, "transB") ? g.matMul(scaled, b) : g.matMulTransposedRight(scaled, b);
    const db = flag(node, "transA") ? g.matMul(a, scaled) : g.matMulTransposedLeft(a, scaled);
    return [
      flag(node, "transA") ? g.transposed(da) : da,
      flag(node, "transB") ? g.transposed(db) : db,
      node.inputs[2] ? g.sumTo(g.mul(dy, float(node, "beta")), of.c.dims) : null,
    ];
  },
  // y = a with its axes in another order
  Transpose: ({ a, node }, dy, g) => [
    g.node("Transpose", [dy], { perm: inverse(permutationOf(node.attributes, a.dims.length)) }),
  ],
  // y = a in another shape
  Reshape: ({ a }, dy, g) => [g.reshape(dy, a.dims), null],
  // y = a, repeated
  Expand: ({ a }, dy, g) => [g.sumTo(dy, a.dims), null],
  // y = Σ a
  ReduceSum: ({ a, node }, dy, g) => [g.expand(g.reshape(dy, keptDims(node)), a.dims), null],
  // y = Σ a / n
  ReduceMean: ({ a, y, node }, dy, g) => [
    g.expand(g.reshape(g.mul(dy, size(y) / size(a)), keptDims(node)), a.dims),
    null,
  ],
  // y = a − ln Σ eᵃ: ∂(Σ y dy)/∂a = dy − eʸ Σ dy
  LogSoftmax: ({ y, node }, dy, g) => [g.sub(dy, g.mul(g.exp(y), g.sumOver(dy, [axis(node)])))],
  // y = eᵃ / Σ eᵃ: ∂(Σ y dy)/∂a = y (dy − Σ y dy)
  Softmax: ({ y, node }, dy, g) => [g.mul(y, g.sub(dy, g.sumOver(g.mul(y, dy), [axis(node)])))],
};

function float(node: Applied, name: string): number {
  const value = node.attributes[name];
  return typeof value === "object" && "float" in value ? value.float : 1;
}

function flag(node: Applied, name: string): boolean {
  return node.attributes[name] === 1;
}

/** The axis that a softmax runs along; the last by default (opset 13). */
function axis(node: Applied): number {
  const { axis: given = -1 } = node.attributes;
  const rank = node.output.dims.length;
  return Number(given) < 0 ? Number(given) + rank : Number(given);
}

/** A reduction's dimensions with the axes that it sums over kept, of length 1. */
function keptDims(node: Applied): number[] {
  const axes = reducedAxes(node);
  return (node.inputs[0]?.dims ?? []).map((dim, axis) => (axes.includes(axis) ? 1 : dim));
}

function inverse(order: readonly number[]): number[] {
  return order.map((_, axis) => order.indexOf(axis));
}

function size(value: Value): number {
  return value.dims.reduce((product, dim) => product * dim, 1);
}
