import type { Convolution } from "../../../training/lowering/convolution.ts";
import type { Window } from "../../../training/window.ts";
import type { Order } from "../held.ts";
import type { DeviceAttribute, Operations } from "../operations.ts";
import type { DeviceTensor } from "../tfjs.ts";
import { joined } from "./movement.ts";

type Computed = (tf: Operations, convolution: Convolution, a: DeviceTensor, b: DeviceTensor) => DeviceTensor;

/**
 * A way to compute an undilated convolution and its gradients.
 *
 * x [n, h, w, channels], y [n, oh, ow, filters], w with its axes in `filterOrder`
 */
export interface ConvolutionWay {
  readonly filterOrder: Order;
  suits(convolution: Convolution): boolean;
  /** y of x and w */
  readonly forward: Computed;
  /** x's gradient of dy and w */
  readonly inputGradient: Computed;
  /** w's gradient of x and dy */
  readonly filterGradient: Computed;
}

/** The way of a convolution, dilated or not: the first that suits. */
export function convolutionWay(convolution: Convolution): ConvolutionWay {
  return [pointwise, depthwise, whole].find((way) => way.suits(convolution)) ?? grouped;
}

/** [kh, kw, channels / group, filters] */
const filtersLast: Order = [2, 3, 1, 0];

/** A 1×1 convolution is a product of matrices, and so are its gradients. */
const pointwise: ConvolutionWay = {
  filterOrder: filtersLast,
  suits: ({ group, window }) =>
    group === 1 && [...window.kernel, ...window.strides].every((length) => length === 1) && !isPadded(window),
  forward: (tf, { batch, channels, filters, window }, x, w) =>
    tf.reshape(tf.run("MatMul", [matrix(tf, x, channels), matrix(tf, w, filters)]), [
      batch,
      ...window.output,
      filters,
    ]),
  inputGradient: (tf, { batch, channels, filters, window }, dy, w) =>
    tf.reshape(tf.run("MatMul", [matrix(tf, dy, filters), matrix(tf, w, filters)], { transpose_b: true }), [
      batch,
      ...window.input,
      channels,
    ]),
  filterGradient: (tf, { channels, filters }, x, dy) =>
    tf.reshape(tf.run("MatMul", [matrix(tf, x, channels), matrix(tf, dy, filters)], { transpose_a: true }), [
      1,
      1,
      channels,
      filters,
    ]),
};

/** One filter a channel. TensorFlow's kernels want equal strides and no dilation. */
const depthwise: ConvolutionWay = {
  filterOrder: [2, 3, 0, 1],
  suits: ({ group, channels, filters, window: { strides, dilations } }) =>
    group > 1 &&
    group === channels &&
    channels === filters &&
    strides[0] === strides[1] &&
    dilations.every((dilation) => dilation === 1),
  forward: (tf, { window }, x, w) => tf.run("DepthwiseConv2dNative", [x, w], attributesOf(window)),
  inputGradient: (tf, { batch, channels, window }, dy, w) => {
    const turned = turnedWindow(window);
    if (turned !== null) {
      // Of stride 1 it is a forward pass with the kernel turned by half, several times as fast.
      const kernel = tf.run("ReverseV2", [w, tf.ints([0, 1])]);
      return tf.run("DepthwiseConv2dNative", [dy, kernel], attributesOf(turned));
    }
    const shape = tf.ints([batch, ...window.input, channels]);
    return tf.run("DepthwiseConv2dNativeBackpropInput", [shape, w, dy], attributesOf(window));
  },
  filterGradient: (tf, { channels, window }, x, dy) => {
    const shape = tf.ints([...window.kernel, channels, 1]);
    return tf.run("DepthwiseConv2dNativeBackpropFilter", [x, shape, dy], attributesOf(window));
  },
};

/** Every filter meets every channel. */
const whole: ConvolutionWay = {
  filterOrder: filtersLast,
  suits: ({ group }) => group === 1,
  forward: (tf, { window }, x, w) => tf.run("Conv2D", [x, w], attributesOf(window)),
  inputGradient: (tf, { batch, channels, window }, dy, w) =>
    tf.run("Conv2DBackpropInput", [tf.ints([batch, ...window.input, channels]), w, dy], attributesOf(window)),
  filterGradient: (tf, { channels, filters, window }, x, dy) =>
    tf.run(
      "Conv2DBackpropFilter",
      [x, tf.ints([...window.kernel, channels, filters]), dy],
      attributesOf(window),
    ),
};

/** Groups one by one, each a whole convolution: TensorFlow's gradient kernels on the CPU know no groups. */
const grouped: ConvolutionWay = {
  filterOrder: filtersLast,
  suits: () => true,
  forward: (tf, convolution, x, w) => eachGroup(tf, convolution, [x, w], whole.forward),
  inputGradient: (tf, convolution, dy, w) => eachGroup(tf, convolution, [dy, w], whole.inputGradient),
  filterGradient: (tf, convolution, x, dy) => eachGroup(tf, convolution, [x, dy], whole.filterGradient),
};

/** Maps and filters have the groups one behind the other along their last axis. */
function eachGroup(
  tf: Operations,
  convolution: Convolution,
  [a, b]: readonly [DeviceTensor, DeviceTensor],
  way: Computed,
): DeviceTensor {
  const { group, channels, filters } = convolution;
  const one = { ...convolution, group: 1, channels: channels / group, filters: filters / group };
  const parts = Array.from({ length: group }, (_, i) =>
    way(tf, one, groupOf(tf, a, group, i), groupOf(tf, b, group, i)),
  );
  return joined(tf, parts, 3);
}

function groupOf(tf: Operations, x: DeviceTensor, groups: number, group: number): DeviceTensor {
  const [height = 1, width = 1, depth = 1, length = 1] = x.shape;
  const size = length / groups;
  return tf.run("Slice", [x, tf.ints([0, 0, 0, group * size]), tf.ints([height, width, depth, size])]);
}

/** The window that leads back from y to x at stride 1, null where there is none or the padding is wider than the kernel. */
function turnedWindow(window: Window): Window | null {
  const { kernel, strides, before, input, output } = window;
  if (strides[0] !== 1 || strides[1] !== 1) return null;
  const margins = ([0, 1] as const).map((axis) => {
    const ahead = kernel[axis] - 1 - before[axis];
    return [ahead, input[axis] - output[axis] + kernel[axis] - 1 - ahead] as const;
  });
  const [rows, columns] = margins;
  if (rows === undefined || columns === undefined || margins.flat().some((margin) => margin < 0)) return null;
  return {
    ...window,
    ...{ before: [rows[0], columns[0]], after: [rows[1], columns[1]], input: output, output: input },
  };
}

/** A window as TensorFlow's attributes. */
function attributesOf(window: Window): Record<string, DeviceAttribute> {
  const { strides, before, after } = window;
  const moves = { strides: [1, ...strides, 1], data_format: "NHWC" };
  if (!isPadded(window)) return { ...moves, padding: "VALID" };
  const margins = [0, 0, before[0], after[0], before[1], after[1], 0, 0];
  return { ...moves, padding: "EXPLICIT", explicit_paddings: margins };
}

function isPadded({ before, after }: Window): boolean {
  return [...before, ...after].some((margin) => margin !== 0);
}

/** The last axis against all the others. */
function matrix(tf: Operations, x: DeviceTensor, columns: number): DeviceTensor {
  return tf.reshape(x, [-1, columns]);
}
