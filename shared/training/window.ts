import { attributeInt, attributeInts, misfit } from "./shapes/operands.ts";
import type { Attributes, Operands } from "./shapes/operands.ts";

/** Height and width. */
export type Pair = readonly [number, number];

/** A window that moves over maps, of a convolution or a pooling, its sizes known. */
export interface Window {
  readonly kernel: Pair;
  readonly strides: Pair;
  readonly dilations: Pair;
  /** rows above and columns left of the map that the first window covers */
  readonly before: Pair;
  /** rows below and columns right of it, as the node asks for */
  readonly after: Pair;
  readonly input: Pair;
  readonly output: Pair;
}

const both = <T>(of: (axis: 0 | 1) => T): readonly [T, T] => [of(0), of(1)];

/**
 * The window that a node moves over maps of these dimensions (Conv, AveragePool and MaxPool in ONNX's Operators.md).
 *
 * @param map [n, c, h, w]
 * @throws PipelineError `engine` where the map has other than two spatial axes
 */
export function windowOf(o: Operands, map: readonly number[], kernel: readonly number[]): Window {
  if (map.length !== 4 || kernel.length !== 2)
    throw misfit(o, "maps [n, c, h, w] and a window [h, w]", `[${map.join()}] and [${kernel.join()}]`);
  const pair = (name: string, otherwise: number) => {
    const given = attributeInts(o, name);
    return both((axis) => given?.[axis] ?? otherwise);
  };
  const size = both((axis) => kernel[axis] ?? 1);
  const input = both((axis) => map[axis + 2] ?? 1);
  const [strides, dilations] = [pair("strides", 1), pair("dilations", 1)];
  const span = both((axis) => (size[axis] - 1) * dilations[axis] + 1);
  const { before, after } = padsOf(o, input, span, strides);
  const round = attributeInt(o, "ceil_mode", 0) === 1 ? Math.ceil : Math.floor;
  const output = both((axis) => {
    const room = input[axis] + before[axis] + after[axis] - span[axis];
    const count = round(room / strides[axis]) + 1;
    // A window that would begin behind the map and its left padding is left out.
    return (count - 1) * strides[axis] >= input[axis] + before[axis] ? count - 1 : count;
  });
  return { kernel: size, strides, dilations, before, after, input, output };
}

/** The window as attributes, whatever the node called it: what gradient operators carry. */
export function windowAttributes(window: Window): Attributes {
  return {
    kernel_shape: window.kernel,
    strides: window.strides,
    dilations: window.dilations,
    pads: [...window.before, ...window.after],
  };
}

/** How many rows and columns, padding included, the windows reach over. */
export function reachOf({ kernel, strides, dilations, output }: Window): Pair {
  return both((axis) => (output[axis] - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1);
}

/** Where each tap of the kernel first lies on the padded map, row by row. */
export function tapsOf({ kernel, dilations }: Window): Pair[] {
  return Array.from({ length: kernel[0] * kernel[1] }, (_, tap) => [
    Math.floor(tap / kernel[1]) * dilations[0],
    (tap % kernel[1]) * dilations[1],
  ]);
}

/** A place of a map, of the output, and the tap that meets the one for the other. Places count row by row. */
export interface Link {
  readonly tap: number;
  readonly from: number;
  readonly to: number;
}

/** Everything that a window's taps meet; what would lie beyond the map's edge is left out. */
export function* linksOf(window: Window): Generator<Link> {
  const { input, output, strides, before } = window;
  for (const [tap, [down, right]] of tapsOf(window).entries())
    for (let to = 0; to < output[0] * output[1]; to++) {
      const row = Math.floor(to / output[1]) * strides[0] + down - before[0];
      const column = (to % output[1]) * strides[1] + right - before[1];
      if (row < 0 || row >= input[0] || column < 0 || column >= input[1]) continue;
      yield { tap, from: row * input[1] + column, to };
    }
}

function padsOf(o: Operands, input: Pair, span: Pair, strides: Pair): { before: Pair; after: Pair } {
  const auto = o.attributes["auto_pad"];
  if (auto === "SAME_UPPER" || auto === "SAME_LOWER") {
    const total = both((axis) =>
      Math.max(0, (Math.ceil(input[axis] / strides[axis]) - 1) * strides[axis] + span[axis] - input[axis]),
    );
    const [less, more] = [both((axis) => total[axis] >> 1), both((axis) => (total[axis] + 1) >> 1)];
    return auto === "SAME_UPPER" ? { before: less, after: more } : { before: more, after: less };
  }
  const pads = auto === "VALID" ? null : attributeInts(o, "pads");
  return { before: both((axis) => pads?.[axis] ?? 0), after: both((axis) => pads?.[axis + 2] ?? 0) };
}
