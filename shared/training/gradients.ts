import { activationGradients } from "./gradients/activations.ts";
import { arithmeticGradients } from "./gradients/arithmetic.ts";
import { movementGradients } from "./gradients/movement.ts";
import { normalisationGradients } from "./gradients/normalisation.ts";
import type { GradientRule } from "./gradients/rule.ts";
import { windowGradients } from "./gradients/windows.ts";

/** All of differentiation: operator → its rule. */
export const gradientRules: Readonly<Record<string, GradientRule>> = {
  ...arithmeticGradients,
  ...activationGradients,
  ...normalisationGradients,
  ...movementGradients,
  ...windowGradients,
};
