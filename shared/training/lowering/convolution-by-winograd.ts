import type { GraphBuilder, Value } from "../builder.ts";
import type { Pair, Window } from "../window.ts";
import type { Convolution, Way } from "./convolution.ts";

/**
 * A 3×3 convolution with stride 1 by Winograd's minimal filtering F(4×4, 3×3) (Lavin and Gray, "Fast Algorithms for Convolutional
 * Neural Networks", 2016, section 4): tiles of 4×4 outputs at 36 points, a product of matrices at each, with a quarter of
 * the direct way's multiplications. Its three transforms are linear, so that they are products with constant matrices, and the
 * gradients' are the same ones transposed:
 *
 *     y = A(U · V),   U = G(w),   V = B(x);   dx = Bᵀ(Uᵀ · dM),   dw = Gᵀ(dM · Vᵀ),   dM = Aᵀ(dy)
 */
export const byWinograd: Way = {
  suits: ({ window, group, channels, filters }) =>
    group === 1 &&
    window.kernel.every((size) => size === 3) &&
    [...window.strides, ...window.dilations].every((step) => step === 1) &&
    Math.min(channels, filters) >= fewestChannels &&
    Math.max(...window.input) <= largestSide,
  forward(g, c, x, w) {
    const points = g.matMul(filterAtPoints(g, c, w), atPoints(g, x, mapTransform(g, c, x)));
    return fromPoints(g, points, c.batch, c.window.output, outputTransform(g, c, x));
  },
  inputGradient(g, c, dy, w) {
    const ofOutput = atPoints(g, dy, outputTransform(g, c, dy));
    const points = g.matMul(g.transposed(filterAtPoints(g, c, w)), ofOutput);
    return fromPoints(g, points, c.batch, c.window.input, mapTransform(g, c, dy));
  },
  filterGradient(g, c, x, dy) {
    const ofOutput = atPoints(g, dy, outputTransform(g, c, dy));
    const points = g.matMul(ofOutput, g.transposed(atPoints(g, x, mapTransform(g, c, x))));
    const flat = g.reshape(points, [pointCount, c.filters * c.channels]);
    const taps = g.matMulTransposedLeft(flat, filterTransform(g, dy));
    return g.reshape(taps, [c.filters, c.channels, 3, 3]);
  },
};

/** With fewer, the products at the points are too small to be worth the transforms. */
const fewestChannels = 64;
/** Beyond, the transforms' matrices grow faster than what is saved. */
const largestSide = 14;

const tile = 4;
const around = 6;
const pointCount = around * around;

/** Of the paper's matrices for F(4×4, 3×3), in its names: Bᵀ, G and Aᵀ. */
const bT = [
  [4, 0, -5, 0, 1, 0],
  [0, -4, -4, 1, 1, 0],
  [0, 4, -4, -1, 1, 0],
  [0, -2, -1, 2, 1, 0],
  [0, 2, -1, -2, 1, 0],
  [0, 4, 0, -5, 0, 1],
];
const gMatrix = [
  [1 / 4, 0, 0],
  [-1 / 6, -1 / 6, -1 / 6],
  [-1 / 6, 1 / 6, -1 / 6],
  [1 / 24, 1 / 12, 1 / 6],
  [1 / 24, -1 / 12, 1 / 6],
  [0, 0, 1],
];
const aT = [
  [1, 1, 1, 1, 1, 0],
  [0, 1, -1, 2, -2, 0],
  [0, 1, 1, 4, 4, 0],
  [0, 1, -1, 8, -8, 1],
];

/** A map [k, n, h, w] at the points of its tiles: [points, k, tiles · n]. */
function atPoints(g: GraphBuilder, map: Value, transform: Value): Value {
  const [k = 0, batch = 0, height = 0, width = 0] = map.dims;
  const flat = g.reshape(map, [k * batch, height * width]);
  const tiles = (transform.dims[0] ?? 0) / pointCount;
  const points = g.reshape(g.matMulTransposedRight(transform, flat), [pointCount, tiles, k, batch]);
  const byMap = g.node("Transpose", [points], { perm: [0, 2, 1, 3] });
  return g.reshape(byMap, [pointCount, k, tiles * batch]);
}

/** Undoes the order of `atPoints`, and applies a transform back: [points, k, tiles · n] → [k, n, h, w]. */
function fromPoints(g: GraphBuilder, points: Value, batch: number, size: Pair, transform: Value): Value {
  const k = points.dims[1] ?? 0;
  const tiles = (transform.dims[0] ?? 0) / pointCount;
  const byMap = g.reshape(points, [pointCount, k, tiles, batch]);
  const byTile = g.node("Transpose", [byMap], { perm: [0, 2, 1, 3] });
  const flat = g.reshape(byTile, [pointCount * tiles, k * batch]);
  return g.reshape(g.matMulTransposedLeft(flat, transform), [k, batch, ...size]);
}

/** [points, filters, channels] */
function filterAtPoints(g: GraphBuilder, c: Convolution, w: Value): Value {
  const flat = g.reshape(w, [c.filters * c.channels, 9]);
  return g.reshape(g.matMulTransposedRight(filterTransform(g, w), flat), [pointCount, c.filters, c.channels]);
}

/** [points, taps]: both axes' G */
function filterTransform(g: GraphBuilder, { type }: Value): Value {
  return g.floats("winograd filter", type, [pointCount, 9], () =>
    gMatrix.flatMap((down) =>
      gMatrix.flatMap((right) => down.flatMap((one) => right.map((other) => one * other))),
    ),
  );
}

/** [points · tiles, h w]: both axes' Bᵀ, on each tile with the rows and columns around it */
function mapTransform(g: GraphBuilder, { window }: Convolution, { type }: Value): Value {
  const { input, before } = window;
  const reaches = bT.map((row) => row.map((factor, at) => ({ factor, at })));
  return transformMatrix(g, "map", type, window, input, (point, tileAt, axis) =>
    (reaches[point] ?? []).map(({ factor, at }) => ({ factor, place: tileAt * tile + at - before[axis] })),
  );
}

/** [points · tiles, oh ow]: both axes' A, of each tile's outputs */
function outputTransform(g: GraphBuilder, { window }: Convolution, { type }: Value): Value {
  return transformMatrix(g, "output", type, window, window.output, (point, tileAt) =>
    aT.map((row, at) => ({ factor: row[point] ?? 0, place: tileAt * tile + at })),
  );
}

/** What a point of a tile takes of a row or column of places. */
type Reach = (point: number, tileAt: number, axis: 0 | 1) => { factor: number; place: number }[];

/** A transform of both axes; what lies beyond the places is 0. */
function transformMatrix(
  g: GraphBuilder,
  name: string,
  type: Value["type"],
  window: Window,
  size: Pair,
  reach: Reach,
): Value {
  const [down, right] = [Math.ceil(window.output[0] / tile), Math.ceil(window.output[1] / tile)];
  const [tiles, places] = [down * right, size[0] * size[1]];
  return g.floats(`winograd ${name} ${JSON.stringify(window)}`, type, [pointCount * tiles, places], () => {
    const matrix = new Float64Array(pointCount * tiles * places);
    for (let point = 0; point < pointCount; point++)
      for (let t = 0; t < tiles; t++)
        for (const row of reach(Math.floor(point / around), Math.floor(t / right), 0))
          for (const column of reach(point % around, t % right, 1)) {
            const inside =
              row.place >= 0 && row.place < size[0] && column.place >= 0 && column.place < size[1];
            if (!inside) continue;
            matrix[(point * tiles + t) * places + row.place * size[1] + column.place] =
              row.factor * column.factor;
          }
    return matrix;
  });
}
