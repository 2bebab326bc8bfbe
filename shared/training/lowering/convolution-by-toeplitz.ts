import type { GraphBuilder, Value } from "../builder.ts";
import { linksOf } from "../window.ts";
import type { Window } from "../window.ts";
import type { Convolution, Way } from "./convolution.ts";

/** Up to which size, inputs · outputs of one map, a kernel's Toeplitz matrix is worth its making: 8×8 to 8×8. */
const largest = 4096;

/**
 * A depthwise convolution of small maps as one product a channel, y = x · T, with the kernel's Toeplitz matrix T [h w, oh ow]. T
 * itself is a product, of the kernels and the constant 0/1 matrix that says which tap links which places; so is the kernels'
 * gradient, from T's.
 */
export const byToeplitz: Way = {
  suits: ({ window, group, channels, filters }) =>
    group === channels && group === filters && group > 1 && inputs(window) * outputs(window) <= largest,
  forward: (g, c, x, w) =>
    g.reshape(g.matMul(rows(g, c, x, inputs(c.window)), toeplitz(g, c, w)), [
      c.channels,
      c.batch,
      ...c.window.output,
    ]),
  inputGradient: (g, c, dy, w) =>
    g.reshape(g.matMulTransposedRight(rows(g, c, dy, outputs(c.window)), toeplitz(g, c, w)), [
      c.channels,
      c.batch,
      ...c.window.input,
    ]),
  filterGradient(g, c, x, dy) {
    const [from, to] = [inputs(c.window), outputs(c.window)];
    const gradient = g.matMulTransposedLeft(rows(g, c, x, from), rows(g, c, dy, to));
    const kernels = g.matMulTransposedRight(
      g.reshape(gradient, [1, c.channels, from * to]),
      links(g, c.window, gradient.type),
    );
    return g.reshape(kernels, [c.channels, 1, ...c.window.kernel]);
  },
};

/** [channels, n, h w] */
function rows(g: GraphBuilder, c: Convolution, map: Value, size: number): Value {
  return g.reshape(map, [c.channels, c.batch, size]);
}

/** [channels, h w, oh ow] */
function toeplitz(g: GraphBuilder, c: Convolution, w: Value): Value {
  const { kernel } = c.window;
  const kernels = g.reshape(w, [1, c.channels, kernel[0] * kernel[1]]);
  return g.reshape(g.matMul(kernels, links(g, c.window, w.type)), [
    c.channels,
    inputs(c.window),
    outputs(c.window),
  ]);
}

/**
 * [1, taps, h w oh ow]: 1 where a tap leads from a place of the input to one of the output. The axis of length 1 keeps onnxruntime
 * 1.30 from packing the constant beforehand, with which so flat a product takes half as long again.
 */
export function links(g: GraphBuilder, window: Window, type: Value["type"]): Value {
  const taps = window.kernel[0] * window.kernel[1];
  const [places, others] = [inputs(window), outputs(window)];
  return g.floats(`links ${JSON.stringify(window)}`, type, [1, taps, places * others], () => {
    const matrix = new Uint8Array(taps * places * others);
    for (const { tap, from, to } of linksOf(window)) matrix[(tap * places + from) * others + to] = 1;
    return matrix;
  });
}

function inputs({ input }: Window): number {
  return input[0] * input[1];
}

function outputs({ output }: Window): number {
  return output[0] * output[1];
}
