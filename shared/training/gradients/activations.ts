import type { GraphBuilder, Value } from "../builder.ts";
import { attributeFloat, attributeInt, fromFront } from "../shapes/operands.ts";
import type { Differentiated, GradientRule } from "./rule.ts";

/** Functions of one number, and softmax. */
export const activationGradients: Readonly<Record<string, GradientRule>> = {
  // y = max(a, 0)
  Relu: ({ y }, dy, g) => [g.mul(dy, g.above(y, 0))],
  // y = a where a > 0, else α a
  LeakyRelu: ({ a, node }, dy, g) => {
    const positive = g.above(a, 0);
    const slope = g.mul(g.sub(1, positive), attributeFloat(node, "alpha", 0.01));
    return [g.mul(dy, g.add(positive, slope))];
  },
  // y = a where a > 0, else b a
  PRelu: ({ a, b }, dy, g) => {
    const positive = g.above(a, 0);
    const negative = g.sub(1, positive);
    return [g.mul(dy, g.add(positive, g.mul(negative, b))), g.sumTo(g.mul(dy, g.mul(negative, a)), b.dims)];
  },
  // y = a where a > 0, else α (eᵃ − 1), whose slope is y + α
  Elu: ({ a, y, node }, dy, g) => {
    const positive = g.above(a, 0);
    const slope = g.mul(g.sub(1, positive), g.add(y, attributeFloat(node, "alpha", 1)));
    return [g.mul(dy, g.add(positive, slope))];
  },
  // y = ln(1 + eᵃ)
  Softplus: ({ a }, dy, g) => [g.mul(dy, g.node("Sigmoid", [a]))],
  // y = min(max(a, low), high): passes where a was not clipped
  Clip: ({ y, node }, dy, g) => {
    const [, low, high] = node.inputs;
    if (low && high) return [g.mul(dy, g.between(y, low, high)), null, null];
    return [low ? g.mul(dy, g.above(y, low)) : high ? g.mul(dy, g.below(y, high)) : dy, null, null];
  },
  // y = 1 / (1 + e⁻ᵃ)
  Sigmoid: ({ y }, dy, g) => [g.mul(dy, g.mul(y, g.sub(1, y)))],
  // y = (eᵃ − e⁻ᵃ) / (eᵃ + e⁻ᵃ)
  Tanh: ({ y }, dy, g) => [g.mul(dy, g.sub(1, g.mul(y, y)))],
  // y = min(max(α a + β, 0), 1)
  HardSigmoid: ({ y, node }, dy, g) => [
    g.mul(g.mul(dy, attributeFloat(node, "alpha", 0.2)), g.between(y, 0, 1)),
  ],
  // y = a h, h = min(max(a / 6 + 1/2, 0), 1): ∂y/∂a = h + a / 6 where −3 < a < 3
  HardSwish: ({ a }, dy, g) => {
    const sixth = g.mul(a, 1 / 6);
    const h = g.node("Clip", [g.add(sixth, 0.5), g.scalar(0, a.type), g.scalar(1, a.type)]);
    return [g.mul(dy, g.add(h, g.mul(sixth, g.between(h, 0, 1))))];
  },
  // y = 2/√π ∫₀ᵃ e^(−t²) dt
  Erf: ({ a }, dy, g) => [g.mul(dy, g.mul(g.exp(g.neg(g.mul(a, a))), 2 / Math.sqrt(Math.PI)))],
  // y = a Φ(a), or its approximation by tanh (Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016, section 2)
  Gelu: (of, dy, g) => [
    g.mul(dy, of.node.attributes["approximate"] === "tanh" ? geluTanhSlope(of, g) : geluSlope(of, g)),
  ],
  // y = a − ln Σ eᵃ: ∂(Σ y dy)/∂a = dy − eʸ Σ dy
  LogSoftmax: ({ y, node }, dy, g) => [g.sub(dy, g.mul(g.exp(y), g.sumOver(dy, [softmaxAxis(node, y)])))],
  // y = eᵃ / Σ eᵃ: ∂(Σ y dy)/∂a = y (dy − Σ y dy)
  Softmax: ({ y, node }, dy, g) => [g.mul(y, g.sub(dy, g.sumOver(g.mul(y, dy), [softmaxAxis(node, y)])))],
};

/** Φ(a) + a φ(a), Φ and φ the normal distribution and its density */
function geluSlope({ a }: Differentiated, g: GraphBuilder): Value {
  const distribution = g.mul(g.add(g.node("Erf", [g.mul(a, Math.SQRT1_2)]), 1), 0.5);
  const density = g.mul(g.exp(g.mul(g.mul(a, a), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return g.add(distribution, g.mul(a, density));
}

/** y = a/2 (1 + t), t = tanh u, u = √(2/π) (a + 0.044715 a³): (1 + t)/2 + a/2 (1 − t²) ∂u/∂a */
function geluTanhSlope({ a }: Differentiated, g: GraphBuilder): Value {
  const scale = Math.sqrt(2 / Math.PI);
  const square = g.mul(a, a);
  const t = g.node("Tanh", [g.mul(g.mul(a, scale), g.add(g.mul(square, 0.044715), 1))]);
  const slope = g.mul(g.add(g.mul(square, 3 * 0.044715), 1), scale);
  return g.mul(g.add(g.add(t, 1), g.mul(g.mul(a, slope), g.sub(1, g.mul(t, t)))), 0.5);
}

/** The axis that a softmax runs along; the last by default (opset 13). */
function softmaxAxis(node: Differentiated["node"], y: Value): number {
  return fromFront(attributeInt(node, "axis", -1), y.dims.length);
}
