import { padsOf, permutationOf, sliceOf } from "../../../training/shapes/movement.ts";
import { attributeInt, fromFront, integers, operand } from "../../../training/shapes/operands.ts";
import { channelsLast, Held, plainOrder } from "../held.ts";
import type { Operations } from "../operations.ts";
import type { DeviceTensor } from "../tfjs.ts";
import { cheapestOrder, type Kernel, type Kernels } from "./kernel.ts";

const reshape: Kernel = (x, node, tf) => new Held(tf, tf.reshape(x(0).plain, node.output.dims));

/** Operators that move numbers or repeat them. */
export const movementKernels: Kernels = {
  Reshape: reshape,
  Flatten: reshape,
  Squeeze: reshape,
  Unsqueeze: reshape,
  Transpose: (x, node) => x(0).transposed(permutationOf(node.attributes, x(0).rank)),
  // What is repeated is small: it is turned before it grows.
  Expand: (x, node, tf) => {
    const { dims } = node.output;
    const order = dims.length === 4 && x(0).rank === 4 ? channelsLast : plainOrder(dims.length);
    const from = x(0).rank === dims.length ? x(0).in(order) : x(0).plain;
    return new Held(tf, tf.run("BroadcastTo", [from, tf.ints(order.map((axis) => dims[axis] ?? 1))]), order);
  },
  Concat: (x, node, tf) => {
    const rank = node.output.dims.length;
    const parts = node.inputs.map((_, position) => x(position));
    const order = cheapestOrder(parts, rank);
    const place = order.indexOf(fromFront(attributeInt(node, "axis", 0), rank));
    return new Held(
      tf,
      joined(
        tf,
        parts.map((part) => part.in(order)),
        place,
      ),
      order,
    );
  },
  Slice: (x, node, tf) => {
    const { tensor, order } = x(0);
    const taken = sliceOf(node);
    const ordered = order.map((axis) => taken[axis] ?? { start: 0, count: 0, step: 1 });
    return new Held(
      tf,
      tf.run("StridedSlice", [
        tensor,
        tf.ints(ordered.map(({ start }) => start)),
        tf.ints(ordered.map(({ start, count, step }) => start + count * step)),
        tf.ints(ordered.map(({ step }) => step)),
      ]),
      order,
    );
  },
  Pad: (x, node, tf) => {
    const { tensor, order } = x(0);
    const margins = padsOf(node);
    const number = node.inputs[2] ? x(2).plain : tf.number(0);
    return new Held(
      tf,
      surrounded(
        tf,
        tensor,
        order.map((axis) => margins[axis] ?? [0, 0]),
        number,
      ),
      order,
    );
  },
  Gather: (x, node, tf) => {
    const axis = fromFront(attributeInt(node, "axis", 0), x(0).rank);
    const length = x(0).dims[axis] ?? 0;
    const places = integers(node, 1).map((place) => fromFront(place, length));
    const indices = tf.tensor(Int32Array.from(places), operand(node, 1).dims, "int32");
    return new Held(tf, tf.run("GatherV2", [x(0).plain, indices, scalarInt(tf, axis)]));
  },
};

/** Tensors one behind the other along an axis. */
export function joined(tf: Operations, parts: readonly DeviceTensor[], axis: number): DeviceTensor {
  const [first] = parts;
  return tf.run("ConcatV2", [...parts, scalarInt(tf, axis)], {
    N: parts.length,
    T: { type: first?.dtype ?? "float32" },
  });
}

/** A tensor with a number before and behind each axis; negative margins take away instead. */
export function surrounded(
  tf: Operations,
  x: DeviceTensor,
  margins: readonly (readonly [before: number, after: number])[],
  number: DeviceTensor,
): DeviceTensor {
  const less = margins.some(([before, after]) => before < 0 || after < 0);
  const more = margins.some(([before, after]) => before > 0 || after > 0);
  const cut = less ? cutOff(tf, x, margins) : x;
  if (!more) return less ? cut : x.clone();
  const added = margins.flatMap(([before, after]) => [Math.max(0, before), Math.max(0, after)]);
  const paddings = tf.tensor(Int32Array.from(added), [margins.length, 2], "int32");
  return tf.run("PadV2", [cut, paddings, number]);
}

function cutOff(tf: Operations, x: DeviceTensor, margins: readonly (readonly [number, number])[]) {
  const begin = margins.map(([before]) => Math.max(0, -before));
  const size = x.shape.map((dim, axis) => dim - (begin[axis] ?? 0) - Math.max(0, -(margins[axis]?.[1] ?? 0)));
  return tf.run("Slice", [x, tf.ints(begin), tf.ints(size)]);
}

function scalarInt(tf: Operations, value: number): DeviceTensor {
  return tf.tensor(Int32Array.of(value), [], "int32");
}
