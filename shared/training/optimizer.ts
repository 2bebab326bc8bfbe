import type { GraphBuilder, Value } from "./builder.ts";

/** When an update is made. */
interface Moment {
  /** scalar: the schedule's learning rate, before a group's own factor */
  readonly learningRate: Value;
  /** scalar: 1 in the first step */
  readonly step: Value;
}

/** How a parameter is updated: its group's choices. */
export interface Pace {
  /** factor of the learning rate */
  readonly rate: number;
  /** weight decay */
  readonly decay: number;
}

/** A rule that moves a parameter against its gradient and keeps moments of its own, of the parameter's shape, from 0. */
export interface Optimizer {
  readonly moments: readonly string[];
  update(
    g: GraphBuilder,
    parameter: Value,
    gradient: Value,
    moments: readonly Value[],
    when: Moment,
    pace: Pace,
  ): { parameter: Value; moments: readonly Value[] };
}

/**
 * AdamW: Adam with decay that bypasses the moments (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019,
 * algorithm 2, the decay scaled by the learning rate as in PyTorch). Without decay it is Adam (Kingma and Ba, 2015).
 */
export function adamW({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = {}): Optimizer {
  return {
    moments: ["mean", "square"],
    update(g, parameter, gradient, [mean, square], { learningRate, step }, { rate, decay }) {
      if (mean === undefined || square === undefined) throw new Error("training: AdamW keeps two moments");
      // Sums where the paper has averages, m / (1 − β₁) and v / (1 − β₂): two passes over every parameter less.
      const m = g.add(g.mul(mean, beta1), gradient);
      const v = g.add(g.mul(square, beta2), g.mul(gradient, gradient));
      const [shareOfM, rootShareOfV] = [1 - beta1, Math.sqrt(1 - beta2)];
      const pace = g.mul(learningRate, rate);
      // The moments' bias corrections are put where only single numbers are multiplied, as PyTorch does it too:
      // (m / c₁) / (√(v / c₂) + ε) = m / (√v + ε √c₂) · √c₂ / c₁
      const [c1, rootC2] = [g.sub(1, g.pow(beta1, step)), g.sqrt(g.sub(1, g.pow(beta2, step)))];
      const direction = g.div(m, g.add(g.sqrt(v), g.mul(rootC2, epsilon / rootShareOfV)));
      const move = g.mul(direction, g.div(g.mul(pace, g.mul(rootC2, shareOfM / rootShareOfV)), c1));
      const decayed = decay === 0 ? parameter : g.mul(parameter, g.sub(1, g.mul(pace, decay)));
      return { parameter: g.sub(decayed, move), moments: [m, v] };
    },
  };
}
