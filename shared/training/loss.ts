import type { GraphBuilder, Value } from "./builder.ts";

/** What a loss compares the network's output with. */
export interface Truth {
  /** [n, classes]: each row the wanted probabilities, 1 at the label where there is one label */
  readonly targets: Value;
  /** [n, 1]: what a row weighs: its class's weight; 0 for the rows that fill up a last batch */
  readonly weights: Value;
}

/**
 * Softmax cross-entropy, averaged over the rows by their weights: Σᵢ wᵢ Hᵢ / Σᵢ wᵢ with Hᵢ = −Σ_c t_ic log p_ic. Label smoothing
 * ε mixes every target with the uniform distribution, t (1 − ε) + ε / classes (Szegedy et al., "Rethinking the Inception
 * Architecture", 2016, section 7). Class weights weigh whole rows, smoothing included, as Keras's class_weight does.
 *
 * @param logits [n, classes]
 * @returns a scalar
 */
export function crossEntropy(
  g: GraphBuilder,
  logits: Value,
  { targets, weights }: Truth,
  labelSmoothing: number,
): Value {
  const classes = logits.dims.at(-1) ?? 1;
  const smoothed = g.add(g.mul(targets, 1 - labelSmoothing), labelSmoothing / classes);
  const logProbabilities = g.node("LogSoftmax", [logits], { axis: -1 });
  const likelihoods = g.sumOver(g.mul(smoothed, logProbabilities), [1]);
  return g.neg(g.div(g.sum(g.mul(likelihoods, weights)), g.sum(weights)));
}
