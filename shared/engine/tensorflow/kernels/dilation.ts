import type { Convolution } from "../../../training/lowering/convolution.ts";
import type { Window } from "../../../training/window.ts";
import type { Operations } from "../operations.ts";
import type { DeviceTensor } from "../tfjs.ts";

/**
 * TensorFlow's gradient kernels on the CPU know no dilation, so a dilated kernel is one with zeros between its taps: here are the
 * convolution of that kernel, the kernel itself, and the way back.
 */
export function spanned(convolution: Convolution): Convolution {
  const { window } = convolution;
  return { ...convolution, window: { ...window, kernel: spanOf(window), dilations: [1, 1] } };
}

/** @param filter [kh, kw, …] → [span, span, …], zeros between the taps */
export function spread(tf: Operations, filter: DeviceTensor, window: Window): DeviceTensor {
  if (!isDilated(window)) return filter;
  const [height, width] = window.dilations;
  const [rows = 1, columns = 1, ...rest] = filter.shape;
  const apart = tf.reshape(filter, [rows, 1, columns, 1, ...rest]);
  const margins = [0, 0, 0, height - 1, 0, 0, 0, width - 1, ...rest.flatMap(() => [0, 0])];
  const paddings = tf.tensor(Int32Array.from(margins), [margins.length / 2, 2], "int32");
  const filled = tf.run("PadV2", [apart, paddings, tf.number(0)]);
  const together = tf.reshape(filled, [rows * height, columns * width, ...rest]);
  return tf.run("Slice", [
    together,
    tf.ints(together.shape.map(() => 0)),
    tf.ints([...spanOf(window), ...rest]),
  ]);
}

/** The taps alone. */
export function unspread(tf: Operations, filter: DeviceTensor, window: Window): DeviceTensor {
  if (!isDilated(window)) return filter;
  const ends = tf.ints(filter.shape);
  const steps = tf.ints([...window.dilations, 1, 1]);
  return tf.run("StridedSlice", [filter, tf.ints(filter.shape.map(() => 0)), ends, steps]);
}

function isDilated({ dilations }: Window): boolean {
  return dilations[0] !== 1 || dilations[1] !== 1;
}

function spanOf({ kernel, dilations }: Window): [number, number] {
  return [(kernel[0] - 1) * dilations[0] + 1, (kernel[1] - 1) * dilations[1] + 1];
}
