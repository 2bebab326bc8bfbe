import { cutOut, joined } from "../movement.ts";
import { padsOf, permutationOf, sliceOf } from "../shapes/movement.ts";
import type { Taken } from "../shapes/movement.ts";
import { attributeInt, fromFront, operand } from "../shapes/operands.ts";
import { exchangedAxis, exchangedOrder } from "./layouts.ts";
import type { Rewrite } from "./layouts.ts";
import { same } from "./same.ts";

/** What moves numbers moves them in the layout that they have. */
export const movementRewrites: Readonly<Record<string, Rewrite>> = {
  // What is repeated is small: it is turned before it grows.
  Expand(node, l) {
    const { dims } = node.output;
    const x = operand(node, 0);
    if (dims.length !== 4 || x.dims.length !== 4) return same(node, l);
    return { channelsFirst: l.g.expand(l.channelsFirst(x), exchangedOrder(dims)) };
  },
  Transpose(node, l) {
    const x = operand(node, 0);
    const order = permutationOf(node.attributes, x.dims.length);
    if (!l.isChannelsFirst(x)) return { plain: l.g.node("Transpose", [l.plain(x)], { perm: order }) };
    return { plain: l.g.node("Transpose", [l.channelsFirst(x)], { perm: order.map(exchangedAxis) }) };
  },
  Concat(node, l) {
    if (!node.inputs.some((input) => l.isChannelsFirst(input))) return same(node, l);
    const axis = exchangedAxis(fromFront(attributeInt(node, "axis", 0), 4));
    const parts = node.inputs.map((_, position) => l.channelsFirst(operand(node, position)));
    return { channelsFirst: joined(l.g, parts, axis) };
  },
  Slice(node, l) {
    const x = operand(node, 0);
    const taken = sliceOf(node);
    if (!l.isChannelsFirst(x) || taken.some(({ step }) => step < 1)) return same(node, l);
    return {
      channelsFirst: cutOut(l.g, l.channelsFirst(x), cutsByAxis(exchangedOrder(taken))),
    };
  },
  Pad(node, l) {
    const x = operand(node, 0);
    if (!l.isChannelsFirst(x)) return same(node, l);
    const margins = exchangedOrder(padsOf(node));
    const pads = [...margins.map(([before]) => before), ...margins.map(([, after]) => after)];
    const value = node.inputs[2] ? [l.plain(node.inputs[2])] : [];
    return { channelsFirst: l.g.node("Pad", [l.channelsFirst(x), l.g.integers(pads), ...value]) };
  },
};

function cutsByAxis(taken: readonly Taken[]) {
  return Object.fromEntries(
    taken.map(({ start, count, step }, axis) => [axis, { start, end: start + (count - 1) * step + 1, step }]),
  );
}
