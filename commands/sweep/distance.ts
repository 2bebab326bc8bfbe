import type { Config } from "../../plan/plan.ts";
import type { Json } from "../../shared/artifacts/types.ts";
import { trainingSettings } from "../training-settings.ts";
import type { Axis } from "./grid.ts";

/**
 * How far the swept settings of a training are from their defaults, from 0: the sum of |ln(value ÷ default)| of numbers above 0
 * and of 1 for everything else that differs. The unfrozen blocks count by themselves.
 *
 * @param config of the training, whole
 */
export function distanceFromDefaults(axes: readonly Axis[], config: Config): number {
  return axes
    .filter(({ option }) => option.field !== "unfreeze")
    .map(({ option: { field, fallback } }) => {
      const others = Object.fromEntries(Object.entries(config).filter(([name]) => name !== field));
      return apart(config[field] ?? null, fallback ?? trainingSettings(others)[field] ?? null);
    })
    .reduce((sum, one) => sum + one, 0);
}

function apart(value: Json, usual: Json): number {
  if (value === usual) return 0;
  const isAbove0 = (one: Json): one is number => typeof one === "number" && one > 0;
  return isAbove0(value) && isAbove0(usual) ? Math.abs(Math.log(value / usual)) : 1;
}
