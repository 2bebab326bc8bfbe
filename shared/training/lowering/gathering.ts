import type { GraphBuilder, Value } from "../builder.ts";
import { linksOf } from "../window.ts";
import type { Window } from "../window.ts";

/**
 * Up to which size of the gathering matrix, places of a map · taps · places of the output, a product with it is worth its
 * multiplications: 3×3 windows from 14×14 to 7×7. Moving rows about costs onnxruntime more than multiplying by 0 and 1 there.
 */
const largest = 100_000;

/** Whether columns are better gathered by a product: small maps, and something to gather at all. */
export function suitsGathering(window: Window): boolean {
  const { strides, kernel, before, after } = window;
  const moves =
    [...kernel, ...strides].some((size) => size > 1) || [...before, ...after].some((pad) => pad !== 0);
  return moves && inputs(window) * taps(window) * outputs(window) <= largest;
}

/**
 * `im2col` as a product: [c, n, h, w] → [c, taps, n oh ow]. The constant 0/1 matrix [h w, taps oh ow] takes each tap what it
 * meets, and nothing beyond the map's edge.
 */
export function gatheredColumns(g: GraphBuilder, x: Value, window: Window): Value {
  const [channels = 0, batch = 0] = x.dims;
  const maps = g.reshape(x, [channels * batch, inputs(window)]);
  const met = g.matMul(maps, gathering(g, window, x.type));
  const byPhoto = g.reshape(met, [channels, batch, taps(window), outputs(window)]);
  const byTap = g.node("Transpose", [byPhoto], { perm: [0, 2, 1, 3] });
  return g.reshape(byTap, [channels, taps(window), batch * outputs(window)]);
}

/** `col2im`, which undoes it: [c, taps, n oh ow] → [c, n, h, w], what was in several columns summed up. */
export function scatteredMap(g: GraphBuilder, columns: Value, window: Window, batch: number): Value {
  const [channels = 0] = columns.dims;
  const byTap = g.reshape(columns, [channels, taps(window), batch, outputs(window)]);
  const byPhoto = g.node("Transpose", [byTap], { perm: [0, 2, 1, 3] });
  const met = g.reshape(byPhoto, [channels * batch, taps(window) * outputs(window)]);
  const maps = g.matMulTransposedRight(met, gathering(g, window, columns.type));
  return g.reshape(maps, [channels, batch, ...window.input]);
}

/** [h w, taps oh ow]: 1 where a tap of the window at a place of the output meets a place of the map. */
function gathering(g: GraphBuilder, window: Window, type: Value["type"]): Value {
  const [places, columns] = [inputs(window), taps(window) * outputs(window)];
  return g.floats(`gathering ${JSON.stringify(window)}`, type, [places, columns], () => {
    const matrix = new Uint8Array(places * columns);
    for (const { tap, from, to } of linksOf(window)) matrix[from * columns + tap * outputs(window) + to] = 1;
    return matrix;
  });
}

function taps({ kernel }: Window): number {
  return kernel[0] * kernel[1];
}

function inputs({ input }: Window): number {
  return input[0] * input[1];
}

function outputs({ output }: Window): number {
  return output[0] * output[1];
}
