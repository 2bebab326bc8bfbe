import type { TensorRows } from "../arrow/tensor.ts";
import type { Tensor } from "../onnx/graph.ts";
import type { Session } from "./engine.ts";
import { type BatchSize, shrinkingBatch } from "./out-of-memory.ts";

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

/**
 * Runs rows through a graph, `batch` at a time, or fewer where the engine's memory does not hold so many.
 *
 * @param batch a number nobody chose, or a size that says so where it shrinks
 */
export async function* throughGraph(
  session: Session,
  { input, shape, rows }: InputRows,
  outputs: readonly string[],
  batch: number | BatchSize,
): AsyncGenerator<OutputRows> {
  const size = shape.reduce((product, length) => product * length, 1);
  const all = rows.length / size;
  const fitting = typeof batch === "number" ? shrinkingBatch(batch, () => undefined) : batch;
  for (let first = 0; first < all;) {
    const output = await fitting.attempt(async (most) => {
      const count = Math.min(most, all - first);
      const part = rows.subarray(first * size, (first + count) * size);
      return { count, results: await session.run({ [input]: tensorOf(part, [count, ...shape]) }, outputs) };
    });
    yield { first, ...output };
    first += output.count;
  }
}

/** Rows as a graph takes them: pixels as bytes, activations as floats. */
export function tensorOf(data: TensorRows, dims: readonly number[]): Tensor {
  if (data instanceof Float32Array) return { type: "float32", dims, data };
  return { type: "uint8", dims, data };
}
