import type { GraphBuilder, Value } from "./builder.ts";

/**
 * Clips gradients by their global norm: all of them are scaled by min(1, most / (‖g‖ + 10⁻⁶)), ‖g‖ the Euclidean norm of all their
 * numbers together (Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", 2013, section 3.2; the
 * 10⁻⁶ is that of torch.nn.utils.clip_grad_norm_).
 *
 * @param most greatest norm that is left as it is, above 0
 */
export function clippedByNorm(g: GraphBuilder, gradients: readonly Value[], most: number): Value[] {
  const [first, ...others] = gradients.map((gradient) => g.sum(g.mul(gradient, gradient)));
  if (first === undefined) return [];
  const norm = g.sqrt(others.reduce((sum, square) => g.add(sum, square), first));
  const scale = g.node("Clip", [
    g.div(g.scalar(most, norm.type), g.add(norm, 1e-6)),
    null,
    g.scalar(1, norm.type),
  ]);
  return gradients.map((gradient) => g.mul(gradient, scale));
}
