import type { TensorRows } from "../arrow/tensor.ts";
import type { Tensor } from "../onnx/graph.ts";
import type { Session } from "./engine.ts";

/** Rows of tensors that lie one after another, and the graph's input that takes them. */
export interface InputRows {
  readonly input: string;
  /** of one row */
  readonly shape: readonly number[];
  readonly rows: TensorRows;
}

/** What a graph made of some rows. */
interface OutputRows {
  /** number of the first of them */
  readonly first: number;
  readonly count: number;
  readonly results: Readonly<Record<string, Tensor>>;
}

/** Runs rows through a graph, `batch` at a time. */
export async function* throughGraph(
  session: Session,
  { input, shape, rows }: InputRows,
  outputs: readonly string[],
  batch: number,
): AsyncGenerator<OutputRows> {
  const size = shape.reduce((product, length) => product * length, 1);
  const all = rows.length / size;
  for (let first = 0; first < all; first += batch) {
    const count = Math.min(batch, all - first);
    const part = rows.subarray(first * size, (first + count) * size);
    yield {
      first,
      count,
      results: await session.run({ [input]: tensorOf(part, [count, ...shape]) }, outputs),
    };
  }
}

/** Rows as a graph takes them: pixels as bytes, activations as floats. */
export function tensorOf(data: TensorRows, dims: readonly number[]): Tensor {
  if (data instanceof Float32Array) return { type: "float32", dims, data };
  return { type: "uint8", dims, data };
}
