import { type Means, matrixGraph, step, withGraph } from "./computing.ts";
import { type Matrix, rowsBetween, tensorOf } from "./matrix.ts";

const rowsAtOnce = 512;

/** |a|² + |b|² − 2·a·b, not below 0 */
const distanceGraph = matrixGraph(
  ["a m d", "b n d"],
  ["distances m n"],
  [
    step("Mul", ["a", "a"], "aSquares"),
    step("ReduceSum", ["aSquares", "last"], "aLengths", { keepdims: 1 }),
    step("Mul", ["b", "b"], "bSquares"),
    step("ReduceSum", ["bSquares", "last"], "bColumn", { keepdims: 1 }),
    step("Transpose", ["bColumn"], "bLengths", { perm: [1, 0] }),
    step("Gemm", ["a", "b", "bLengths"], "partly", { transB: 1, alpha: { float: -2 } }),
    step("Add", ["partly", "aLengths"], "sums"),
    step("Relu", ["sums"], "distances"),
  ],
  new Map([["last", { type: "int64", dims: [1], data: BigInt64Array.of(1n) }]]),
);

/** Squared Euclidean distances of every row of `a` to every row of `b`: [a.rows, b.rows]. */
export async function squaredDistances(a: Matrix, b: Matrix, means: Means): Promise<Matrix> {
  const data = new Float32Array(a.rows * b.rows);
  await withGraph(distanceGraph, means, async (run) => {
    for (let first = 0; first < a.rows; first += rowsAtOnce) {
      const some = rowsBetween(a, first, Math.min(first + rowsAtOnce, a.rows));
      const outputs = await run({ a: tensorOf(some), b: tensorOf(b) });
      data.set(outputs("distances").data, first * b.rows);
    }
  });
  return { rows: a.rows, columns: b.rows, data };
}

const exponentialGraph = matrixGraph(
  ["distances m n", "minusGamma"],
  ["kernel m n"],
  [step("Mul", ["distances", "minusGamma"], "powers"), step("Exp", ["powers"], "kernel")],
);

/**
 * exp(−gamma · distances).
 *
 * @param shared whether on memory that threads share, which onnxruntime takes no inputs from
 */
export async function gaussianKernel(
  distances: Matrix,
  gamma: number,
  means: Means,
  { shared = false } = {},
): Promise<Matrix> {
  const { rows, columns } = distances;
  const bytes = 4 * rows * columns;
  const data = new Float32Array(shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
  const minusGamma = { type: "float32", dims: [], data: Float32Array.of(-gamma) } as const;
  await withGraph(exponentialGraph, means, async (run) => {
    for (let first = 0; first < rows; first += rowsAtOnce) {
      const some = rowsBetween(distances, first, Math.min(first + rowsAtOnce, rows));
      const outputs = await run({ distances: tensorOf(some), minusGamma });
      data.set(outputs("kernel").data, first * columns);
    }
  });
  return { rows, columns, data };
}
