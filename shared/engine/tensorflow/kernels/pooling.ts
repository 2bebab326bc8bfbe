import type { Applied } from "../../../training/builder.ts";
import { attributeInt, attributeInts, misfit, operand } from "../../../training/shapes/operands.ts";
import { reachOf, windowOf } from "../../../training/window.ts";
import type { Window } from "../../../training/window.ts";
import { channelsLast, Held } from "../held.ts";
import type { Operations } from "../operations.ts";
import type { DeviceTensor } from "../tfjs.ts";
import type { Kernels } from "./kernel.ts";
import { surrounded } from "./movement.ts";

/**
 * Poolings and their gradients, by TensorFlow's kernels on maps whose margins are there already: its own padding knows neither
 * ONNX's lopsided margins nor windows that reach over the edge.
 */
export const poolingKernels: Kernels = {
  GlobalAveragePool: (x, _, tf) => {
    const map = x(0).in(channelsLast);
    return new Held(tf, tf.run("Mean", [map, tf.ints([1, 2])], { keep_dims: true }), channelsLast);
  },
  MaxPool: (x, node, tf) => {
    const window = pooledWindow(node);
    const padded = withMargins(tf, x(0).in(channelsLast), window, lowest);
    return new Held(tf, tf.run("MaxPool", [padded], attributesOf(window)), channelsLast);
  },
  MaxPoolGradient: (x, node, tf) => {
    const window = pooledWindow(node);
    const padded = withMargins(tf, x(0).in(channelsLast), window, lowest);
    const maps = [padded, x(1).in(channelsLast), x(2).in(channelsLast)];
    const gradient = tf.run("MaxPoolGrad", maps, attributesOf(window));
    return new Held(tf, withoutMargins(tf, gradient, window), channelsLast);
  },
  AveragePool: (x, node, tf) => {
    const window = pooledWindow(node);
    const padded = withMargins(tf, x(0).in(channelsLast), window, 0);
    const mean = tf.run("AvgPool", [padded], attributesOf(window));
    return new Held(tf, perCounted(tf, mean, node, window), channelsLast);
  },
  AveragePoolGradient: (x, node, tf) => {
    const window = pooledWindow(node);
    const [batch = 1, channels = 1] = node.output.dims;
    const dy = perCounted(tf, x(0).in(channelsLast), node, window);
    const shape = tf.ints([batch, ...reachOf(window), channels]);
    const gradient = tf.run("AvgPoolGrad", [shape, dy], attributesOf(window));
    return new Held(tf, withoutMargins(tf, gradient, window), channelsLast);
  },
};

/** What lies around a map, so that it is never the largest. */
const lowest = -3.4028234663852886e38;

function pooledWindow(node: Applied): Window {
  const map = attributeInts(node, "input_shape") ?? operand(node, 0).dims;
  const window = windowOf(node, map, attributeInts(node, "kernel_shape") ?? []);
  if (window.dilations.every((dilation) => dilation === 1)) return window;
  throw misfit(node, "a pooling without dilation", window.dilations.join());
}

function attributesOf({ kernel, strides }: Window) {
  return { ksize: [1, ...kernel, 1], strides: [1, ...strides, 1], padding: "VALID", data_format: "NHWC" };
}

/** What stands around a map so that the windows reach over all of it; negative where they do not come to its end. */
function marginsOf(window: Window) {
  const [height, width] = reachOf(window);
  const { before, input } = window;
  return [
    [0, 0],
    [before[0], height - input[0] - before[0]],
    [before[1], width - input[1] - before[1]],
    [0, 0],
  ] as const;
}

function withMargins(tf: Operations, map: DeviceTensor, window: Window, outside: number): DeviceTensor {
  return surrounded(tf, map, marginsOf(window), tf.number(outside));
}

function withoutMargins(tf: Operations, map: DeviceTensor, window: Window): DeviceTensor {
  const back = marginsOf(window).map(([before, after]) => [-before, -after] as const);
  return surrounded(tf, map, back, tf.number(0));
}

/**
 * TensorFlow divides by the whole window; ONNX by what of it lies on the map, or on the map and its padding. The share that
 * counts is the mean of a map of ones there.
 */
function perCounted(tf: Operations, means: DeviceTensor, node: Applied, window: Window): DeviceTensor {
  const { before, after, input } = window;
  const padding = attributeInt(node, "count_include_pad", 0) === 1;
  const counted = padding
    ? ([before[0] + input[0] + after[0], before[1] + input[1] + after[1]] as const)
    : input;
  const [height, width] = reachOf(window);
  const start = padding ? ([0, 0] as const) : before;
  const margins = [
    [0, 0],
    [start[0], height - counted[0] - start[0]],
    [start[1], width - counted[1] - start[1]],
    [0, 0],
  ] as const;
  if (margins.flat().every((margin) => margin <= 0)) return means;
  const size = counted[0] * counted[1];
  const ones = tf.tensor(new Float32Array(size).fill(1), [1, ...counted, 1], "float32");
  const shares = tf.run("AvgPool", [surrounded(tf, ones, margins, tf.number(0))], attributesOf(window));
  return tf.run("RealDiv", [means, shares]);
}
