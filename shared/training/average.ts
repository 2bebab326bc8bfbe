import type { GraphBuilder, Value } from "./builder.ts";

/**
 * A parameter's exponential moving average, corrected for its beginning: Σᵢ βᵗ⁻ⁱ (1 − β) θᵢ / (1 − βᵗ) over the steps i = 1 to t, so that
 * the first steps weigh as they should and what the parameter was before them weighs nothing (Kingma and Ba, "Adam", 2015,
 * section 7.2). Kept corrected: a ← a + (θ − a) (1 − β) / (1 − βᵗ).
 *
 * @param average after the last step; in the first one its numbers do not matter, but must be finite
 * @param parameter after this step
 * @param step scalar: 1 in the first step
 * @param decay β, in (0, 1)
 */
export function averaged(
  g: GraphBuilder,
  average: Value,
  parameter: Value,
  step: Value,
  decay: number,
): Value {
  const share = g.div(g.scalar(1 - decay, step.type), g.sub(1, g.pow(decay, step)));
  return g.add(average, g.mul(g.sub(parameter, average), share));
}
