import type { Applied, GraphBuilder, Value } from "../builder.ts";
import { attributeInt, attributeInts, operand } from "../shapes/operands.ts";
import { windowOf } from "../window.ts";
import type { Window } from "../window.ts";
import { byColumns } from "./convolution-by-columns.ts";
import { byRows } from "./convolution-by-rows.ts";
import { byWinograd } from "./convolution-by-winograd.ts";
import { byToeplitz } from "./convolution-by-toeplitz.ts";

/** A convolution, all its sizes known. */
export interface Convolution {
  readonly window: Window;
  readonly group: number;
  readonly batch: number;
  readonly channels: number;
  readonly filters: number;
}

/**
 * A way to compute a convolution and its gradients with products of matrices.
 *
 * x [channels, n, h, w], y [filters, n, oh, ow], w [filters, channels / group, kh, kw]
 */
export interface Way {
  suits(convolution: Convolution): boolean;
  forward(g: GraphBuilder, convolution: Convolution, x: Value, w: Value): Value;
  inputGradient(g: GraphBuilder, convolution: Convolution, dy: Value, w: Value): Value;
  filterGradient(g: GraphBuilder, convolution: Convolution, x: Value, dy: Value): Value;
}

/** From the fastest to the one that suits them all. */
const ways: readonly Way[] = [byToeplitz, byRows, byWinograd, byColumns];

export function wayOf(convolution: Convolution): Way {
  return ways.find((way) => way.suits(convolution)) ?? byColumns;
}

/** The convolution that a Conv, a ConvInputGradient or a ConvFilterGradient is about. */
export function convolutionOf(node: Applied): Convolution {
  const map = attributeInts(node, "input_shape") ?? operand(node, 0).dims;
  const filter = attributeInts(node, "filter_shape") ?? operand(node, 1).dims;
  return {
    window: windowOf(node, map, filter.slice(2)),
    group: attributeInt(node, "group", 1),
    batch: map[0] ?? 0,
    channels: map[1] ?? 0,
    filters: filter[0] ?? 0,
  };
}
