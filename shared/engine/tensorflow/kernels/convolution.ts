import { convolutionOf, type Convolution } from "../../../training/lowering/convolution.ts";
import { channelsLast, Held } from "../held.ts";
import type { Operations } from "../operations.ts";
import { convolutionWay } from "./convolution-ways.ts";
import { spanned, spread, unspread } from "./dilation.ts";
import type { Kernels } from "./kernel.ts";

/** Convolution and its gradients, which are operators of our own: shared/training/gradients/windows.ts says what each gives. */
export const convolutionKernels: Kernels = {
  Conv: (x, node, tf) => {
    const convolution = convolutionOf(node);
    const { way, filter } = prepared(convolution, x(1), tf);
    const y = way.forward(tf, spanned(convolution), x(0).in(channelsLast), filter);
    return new Held(tf, node.inputs[2] ? tf.run("BiasAdd", [y, x(2).plain]) : y, channelsLast);
  },
  ConvInputGradient: (x, node, tf) => {
    const convolution = convolutionOf(node);
    const { way, filter } = prepared(convolution, x(1), tf);
    const dx = way.inputGradient(tf, spanned(convolution), x(0).in(channelsLast), filter);
    return new Held(tf, dx, channelsLast);
  },
  ConvFilterGradient: (x, node, tf) => {
    const convolution = convolutionOf(node);
    const way = convolutionWay(convolution);
    const maps = [x(0).in(channelsLast), x(1).in(channelsLast)] as const;
    const dw = way.filterGradient(tf, spanned(convolution), ...maps);
    return new Held(tf, unspread(tf, dw, convolution.window), way.filterOrder);
  },
};

function prepared(convolution: Convolution, filter: Held, tf: Operations) {
  const way = convolutionWay(convolution);
  return { way, filter: spread(tf, filter.in(way.filterOrder), convolution.window) };
}
