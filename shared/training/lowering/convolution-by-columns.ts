import type { GraphBuilder, Value } from "../builder.ts";
import { columnsOf, mapOf } from "./columns.ts";
import type { Convolution, Way } from "./convolution.ts";

/**
 * Any convolution as one product a group: y = w · columns(x) (Chellapilla, Puri and Simard, "High Performance Convolutional
 * Neural Networks for Document Processing", 2006). A 1×1 convolution's columns are the map itself, and nothing is moved.
 */
export const byColumns: Way = {
  suits: () => true,
  forward: (g, c, x, w) => g.reshape(g.matMul(filters(g, c, w), columns(g, c, x)), outputDims(c)),
  inputGradient(g, c, dy, w) {
    const gradient = g.matMulTransposedLeft(filters(g, c, w), outputs(g, c, dy));
    return mapOf(g, g.reshape(gradient, [c.channels, tapCount(c), places(c)]), c.window, c.batch);
  },
  filterGradient: (g, c, x, dy) =>
    g.reshape(g.matMulTransposedRight(outputs(g, c, dy), columns(g, c, x)), [
      c.filters,
      c.channels / c.group,
      ...c.window.kernel,
    ]),
};

/** [groups, filters / groups, channels / groups · taps] */
function filters(g: GraphBuilder, c: Convolution, w: Value): Value {
  return g.reshape(w, grouped(c, c.filters / c.group, (c.channels / c.group) * tapCount(c)));
}

/** [groups, channels / groups · taps, places] */
function columns(g: GraphBuilder, c: Convolution, x: Value): Value {
  return g.reshape(columnsOf(g, x, c.window), grouped(c, (c.channels / c.group) * tapCount(c), places(c)));
}

/** [groups, filters / groups, places] */
function outputs(g: GraphBuilder, c: Convolution, y: Value): Value {
  return g.reshape(y, grouped(c, c.filters / c.group, places(c)));
}

/** Plain matrices where there is one group: Gemm transposes them as it goes. */
function grouped({ group }: Convolution, rows: number, columns: number): number[] {
  return group === 1 ? [rows, columns] : [group, rows, columns];
}

function outputDims({ filters, batch, window }: Convolution): number[] {
  return [filters, batch, ...window.output];
}

function tapCount({ window: { kernel } }: Convolution): number {
  return kernel[0] * kernel[1];
}

function places({ batch, window: { output } }: Convolution): number {
  return batch * output[0] * output[1];
}
