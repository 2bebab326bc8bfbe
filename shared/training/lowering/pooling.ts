import type { Applied, GraphBuilder, Value } from "../builder.ts";
import { attributeInt, attributeInts, operand } from "../shapes/operands.ts";
import { tapsOf, windowOf } from "../window.ts";
import type { Window } from "../window.ts";
import { tapsMet, tapsReturned } from "./columns.ts";
import type { Rewrite } from "./layouts.ts";

/** Poolings look at one map at a time, so that the order of batch and channels is nothing to them. */
export const poolingRewrites: Readonly<Record<string, Rewrite>> = {
  MaxPool: (node, l) => ({
    channelsFirst: l.g.node("MaxPool", [l.channelsFirst(operand(node, 0))], node.attributes),
  }),
  // onnxruntime's own knows no float64.
  AveragePool(node, l) {
    const x = l.channelsFirst(operand(node, 0));
    const window = pooledWindow(node);
    const sum = tapsMet(l.g, x, window).reduce((a, b) => l.g.add(a, b));
    return { channelsFirst: l.g.mul(sum, shares(l.g, node, window, x.type)) };
  },
  AveragePoolGradient(node, l) {
    const dy = l.channelsFirst(operand(node, 0));
    const window = pooledWindow(node);
    const share = l.g.mul(dy, shares(l.g, node, window, dy.type));
    return {
      channelsFirst: tapsReturned(
        l.g,
        tapsOf(window).map(() => share),
        window,
      ),
    };
  },
  MaxPoolGradient(node, l) {
    const [x, y, dy] = [0, 1, 2].map((position) => l.channelsFirst(operand(node, position)));
    if (x === undefined || y === undefined || dy === undefined) throw new Error("training: three inputs");
    const window = pooledWindow(node);
    const taps = tapsMet(l.g, x, window, lowest);
    return { channelsFirst: tapsReturned(l.g, firstLargest(l.g, taps, y, dy), window) };
  },
};

/** What lies around a map, so that it is never the largest. */
const lowest = -3.4028234663852886e38;

/** To each tap the gradient where the largest is its own, unless an earlier tap had it too. */
function firstLargest(g: GraphBuilder, taps: readonly Value[], y: Value, dy: Value): Value[] {
  let rest = dy;
  return taps.map((tap) => {
    const part = g.mul(rest, g.cast(g.node("Equal", [tap, y]), dy.type));
    rest = g.sub(rest, part);
    return part;
  });
}

function pooledWindow(node: Applied): Window {
  const map = attributeInts(node, "input_shape") ?? operand(node, 0).dims;
  return windowOf(node, map, attributeInts(node, "kernel_shape") ?? []);
}

/** [oh, ow]: one by how many places each window has the mean of; padding counts where `count_include_pad` says so */
function shares(g: GraphBuilder, node: Applied, window: Window, type: Value["type"]): Value {
  const padding = attributeInt(node, "count_include_pad", 0) === 1;
  const { input, output, strides, before, after } = window;
  const counted = (position: number, axis: 0 | 1) =>
    padding
      ? position < before[axis] + input[axis] + after[axis]
      : position >= before[axis] && position < before[axis] + input[axis];
  return g.floats(`shares ${padding} ${JSON.stringify(window)}`, type, output, () =>
    Array.from({ length: output[0] * output[1] }, (_, place) => {
      const top = Math.floor(place / output[1]) * strides[0];
      const left = (place % output[1]) * strides[1];
      return (
        1 /
        tapsOf(window).filter(([row, column]) => counted(top + row, 0) && counted(left + column, 1)).length
      );
    }),
  );
}
