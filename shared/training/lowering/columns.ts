import type { GraphBuilder, Value } from "../builder.ts";
import { cutOut, joined, spread, surrounded } from "../movement.ts";
import { reachOf, tapsOf } from "../window.ts";
import type { Window } from "../window.ts";
import { gatheredColumns, scatteredMap, suitsGathering } from "./gathering.ts";

/**
 * What each tap of a window's kernel meets: for every tap a map of the output's size.
 *
 * @param x [c, n, h, w]
 * @param outside the number that lies around the map
 * @returns for each tap, row by row, [c, n, oh, ow]
 */
export function tapsMet(g: GraphBuilder, x: Value, window: Window, outside = 0): Value[] {
  const padded = surrounded(g, x, [[0, 0], [0, 0], ...margins(window)], outside);
  const { strides, output } = window;
  return tapsOf(window).map(([row, column]) =>
    cutOut(g, padded, {
      2: { start: row, end: row + (output[0] - 1) * strides[0] + 1, step: strides[0] },
      3: { start: column, end: column + (output[1] - 1) * strides[1] + 1, step: strides[1] },
    }),
  );
}

/** Undoes `tapsMet`: each tap's map [c, n, oh, ow] back to where it was met, summed up to [c, n, h, w]. */
export function tapsReturned(g: GraphBuilder, met: readonly Value[], window: Window): Value {
  const { strides, input, before } = window;
  const [[top, bottom], [left, right]] = margins(window);
  const [height, width] = [input[0] + top + bottom, input[1] + left + right];
  const placed = tapsOf(window).map(([row, column], tap) => {
    const map = met[tap];
    if (map === undefined) throw new Error("training: a map for each tap");
    const apart = spread(g, spread(g, map, 2, strides[0]), 3, strides[1]);
    const [rows = 0, columns = 0] = apart.dims.slice(2);
    return surrounded(g, apart, [
      [0, 0],
      [0, 0],
      [row, height - row - rows],
      [column, width - column - columns],
    ]);
  });
  const sum = placed.reduce((a, b) => g.add(a, b));
  return cutOut(g, sum, {
    2: { start: before[0], end: before[0] + input[0] },
    3: { start: before[1], end: before[1] + input[1] },
  });
}

/** `im2col`: [c, n, h, w] → [c, taps, n oh ow] */
export function columnsOf(g: GraphBuilder, x: Value, window: Window): Value {
  if (suitsGathering(window)) return gatheredColumns(g, x, window);
  const [channels = 0, batch = 0] = x.dims;
  const places = batch * window.output[0] * window.output[1];
  const rows = tapsMet(g, x, window).map((met) => g.reshape(met, [channels, 1, places]));
  return joined(g, rows, 1);
}

/** `col2im`, which undoes it: [c, taps, n oh ow] → [c, n, h, w], what was in several columns summed up */
export function mapOf(g: GraphBuilder, columns: Value, window: Window, batch: number): Value {
  if (suitsGathering(window)) return scatteredMap(g, columns, window, batch);
  const [channels = 0, taps = 0] = columns.dims;
  const met = Array.from({ length: taps }, (_, tap) =>
    g.reshape(cutOut(g, columns, { 1: { start: tap, end: tap + 1 } }), [channels, batch, ...window.output]),
  );
  return tapsReturned(g, met, window);
}

/** Rows and columns to put around a map, so that the windows reach over no more than it. */
function margins(window: Window): [readonly [number, number], readonly [number, number]] {
  const { before, input } = window;
  const reach = reachOf(window);
  return [
    [before[0], Math.max(0, reach[0] - before[0] - input[0])],
    [before[1], Math.max(0, reach[1] - before[1] - input[1])],
  ];
}
