import type { GraphBuilder, Value } from "../builder.ts";
import { cutOut, joined } from "../movement.ts";
import type { Window } from "../window.ts";
import { tapsMet, tapsReturned } from "./columns.ts";
import type { Convolution, Way } from "./convolution.ts";
import { links } from "./convolution-by-toeplitz.ts";

/**
 * A depthwise convolution of larger maps, a row of the kernel at a time: y = Σᵢ xᵢ · Tᵢ, xᵢ the rows of x that the kernel's row i
 * meets and Tᵢ [w, ow] the Toeplitz matrix of that row. Only whole rows are cut out.
 */
export const byRows: Way = {
  suits: ({ group, channels, filters }) => group === channels && group === filters && group > 1,
  forward(g, c, x, w) {
    const products = rowsMet(g, c, x).map((rows, i) => g.matMul(rows, toeplitz(g, c, w, i)));
    const sum = products.reduce((a, b) => g.add(a, b));
    return g.reshape(sum, [c.channels, c.batch, ...c.window.output]);
  },
  inputGradient(g, c, dy, w) {
    const rows = outputRows(g, c, dy);
    const met = Array.from({ length: c.window.kernel[0] }, (_, i) =>
      g.reshape(g.matMulTransposedRight(rows, toeplitz(g, c, w, i)), [
        c.channels,
        c.batch,
        c.window.output[0],
        c.window.input[1],
      ]),
    );
    return tapsReturned(g, met, downwards(c.window));
  },
  filterGradient(g, c, x, dy) {
    const rows = outputRows(g, c, dy);
    const matrix = linksAcross(g, c.window, dy.type);
    const kernelRows = rowsMet(g, c, x).map((met) => {
      const gradient = g.matMulTransposedLeft(met, rows);
      const size = c.window.input[1] * c.window.output[1];
      return g.reshape(g.matMulTransposedRight(g.reshape(gradient, [1, c.channels, size]), matrix), [
        c.channels,
        1,
        1,
        c.window.kernel[1],
      ]);
    });
    return joined(g, kernelRows, 2);
  },
};

/** For each row of the kernel, [channels, n oh, w] */
function rowsMet(g: GraphBuilder, c: Convolution, x: Value): Value[] {
  const dims = [c.channels, c.batch * c.window.output[0], c.window.input[1]];
  return tapsMet(g, x, downwards(c.window)).map((rows) => g.reshape(rows, dims));
}

/** [channels, n oh, ow] */
function outputRows(g: GraphBuilder, c: Convolution, y: Value): Value {
  return g.reshape(y, [c.channels, c.batch * c.window.output[0], c.window.output[1]]);
}

/** [channels, w, ow], of the kernels' row i */
function toeplitz(g: GraphBuilder, c: Convolution, w: Value, i: number): Value {
  const row = g.reshape(cutOut(g, w, { 2: { start: i, end: i + 1 } }), [1, c.channels, c.window.kernel[1]]);
  return g.reshape(g.matMul(row, linksAcross(g, c.window, w.type)), [
    c.channels,
    c.window.input[1],
    c.window.output[1],
  ]);
}

/** The window's movement from row to row alone: it is one column wide. */
function downwards({ kernel, strides, dilations, before, after, input, output }: Window): Window {
  return {
    kernel: [kernel[0], 1],
    strides: [strides[0], 1],
    dilations: [dilations[0], 1],
    before: [before[0], 0],
    after: [after[0], 0],
    input,
    output: [output[0], input[1]],
  };
}

/** [1, kw, w ow]: which tap of a kernel's row links which places of a row */
function linksAcross(g: GraphBuilder, window: Window, type: Value["type"]): Value {
  const { kernel, strides, dilations, before, after, input, output } = window;
  return links(
    g,
    {
      kernel: [1, kernel[1]],
      strides: [1, strides[1]],
      dilations: [1, dilations[1]],
      before: [0, before[1]],
      after: [0, after[1]],
      input: [1, input[1]],
      output: [1, output[1]],
    },
    type,
  );
}
