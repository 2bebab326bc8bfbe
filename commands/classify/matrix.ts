import type { Tensor } from "../../shared/onnx/graph.ts";

/** Numbers row by row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns] */
  readonly data: Float32Array;
}

/** Some rows of a matrix, in the order asked for, copied. */
export function rowsOf({ columns, data }: Matrix, rows: ArrayLike<number>): Matrix {
  const taken = new Float32Array(rows.length * columns);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    taken.set(data.subarray(row * columns, (row + 1) * columns), i * columns);
  }
  return { rows: rows.length, columns, data: taken };
}

/** Rows `first` to `end` of a matrix, on its own memory. */
export function rowsBetween({ columns, data }: Matrix, first: number, end: number): Matrix {
  return { rows: end - first, columns, data: data.subarray(first * columns, end * columns) };
}

/** The number of each row's largest entry; of equals the first. */
export function largestOfRows({ rows, columns, data }: Matrix): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => {
    let best = 0;
    for (let column = 1; column < columns; column++)
      if ((data[row * columns + column] as number) > (data[row * columns + best] as number)) best = column;
    return best;
  });
}

/** The matrix as a graph takes it, on its own memory. */
export function tensorOf({ rows, columns, data }: Matrix): Tensor {
  return { type: "float32", dims: [rows, columns], data };
}
