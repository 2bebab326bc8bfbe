import { attributeFloat } from "../shapes/operands.ts";
import type { GraphBuilder, Value } from "../builder.ts";
import type { Differentiated, GradientRule } from "./rule.ts";

/** Sums, products, powers. What broadcasting repeated, `sumTo` sums up again. */
export const arithmeticGradients: Readonly<Record<string, GradientRule>> = {
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
  // y = |a|, whose slope at 0 is taken as 0
  Abs: ({ a }, dy, g) => [g.mul(dy, g.sub(g.above(a, 0), g.below(a, 0)))],
  // y = the larger, or the smaller, of its inputs: those that are it share the gradient
  Max: (of, dy, g) => sharedByEqual(of, dy, g),
  Min: (of, dy, g) => sharedByEqual(of, dy, g),
  // y = b where a is true, else c
  Where: ({ a, b, c }, dy, g) => {
    const chosen = g.cast(a, dy.type);
    return [null, g.sumTo(g.mul(dy, chosen), b.dims), g.sumTo(g.mul(dy, g.sub(1, chosen)), c.dims)];
  },
  Cast: ({ a }, dy, g) => [a.type === "float32" || a.type === "float64" ? g.cast(dy, a.type) : null],
  // y = 1 / a: ∂y/∂a = −y²
  Reciprocal: ({ y }, dy, g) => [g.neg(g.mul(dy, g.mul(y, y)))],
  // y = eᵃ
  Exp: ({ y }, dy, g) => [g.mul(dy, y)],
  // y = ln a
  Log: ({ a }, dy, g) => [g.div(dy, a)],
  // y = √a
  Sqrt: ({ y }, dy, g) => [g.div(dy, g.mul(y, 2))],
  // y = aᵇ: ∂y/∂a = b aᵇ⁻¹, ∂y/∂b = y ln a (not a number where a is negative, and left out where b does not vary)
  Pow: ({ a, b, y }, dy, g) => [
    g.sumTo(g.mul(dy, g.mul(b, g.node("Pow", [a, g.add(b, -1)]))), a.dims),
    g.sumTo(g.mul(dy, g.mul(y, g.node("Log", [a]))), b.dims),
  ],
  // y = a · b
  MatMul: ({ a, b }, dy, g) => [
    g.sumTo(g.matMulTransposedRight(dy, b), a.dims),
    g.sumTo(g.matMulTransposedLeft(a, dy), b.dims),
  ],
  // y = α a · b + β c, a and b transposed where the node says so
  Gemm: (of, dy, g) => {
    const { a, b, node } = of;
    const [left, right] = [node.attributes["transA"] === 1, node.attributes["transB"] === 1];
    const scaled = g.mul(dy, attributeFloat(node, "alpha", 1));
    const da = right ? g.matMul(scaled, b) : g.matMulTransposedRight(scaled, b);
    const db = left ? g.matMul(a, scaled) : g.matMulTransposedLeft(a, scaled);
    return [
      left ? g.transposed(da) : da,
      right ? g.transposed(db) : db,
      node.inputs[2] ? g.sumTo(g.mul(dy, attributeFloat(node, "beta", 1)), of.c.dims) : null,
    ];
  },
};

function sharedByEqual({ y, node }: Differentiated, dy: Value, g: GraphBuilder): (Value | null)[] {
  const equal = node.inputs.map((input) => input && g.cast(g.node("Equal", [input, y]), y.type));
  const count = equal.filter((one) => one !== null).reduce((sum, one) => g.add(sum, one));
  const share = g.div(dy, count);
  return node.inputs.map((input, i) => {
    const one = equal[i];
    return input && one ? g.sumTo(g.mul(share, one), input.dims) : null;
  });
}
