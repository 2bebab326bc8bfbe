import { activationKernels } from "./kernels/activations.ts";
import { arithmeticKernels } from "./kernels/arithmetic.ts";
import { convolutionKernels } from "./kernels/convolution.ts";
import type { Kernels } from "./kernels/kernel.ts";
import { movementKernels } from "./kernels/movement.ts";
import { normalisationKernels } from "./kernels/normalisation.ts";
import { poolingKernels } from "./kernels/pooling.ts";
import { productKernels } from "./kernels/products.ts";

/** How TensorFlow computes each operator. */
export const kernels: Kernels = {
  ...arithmeticKernels,
  ...activationKernels,
  ...productKernels,
  ...movementKernels,
  ...normalisationKernels,
  ...convolutionKernels,
  ...poolingKernels,
};
