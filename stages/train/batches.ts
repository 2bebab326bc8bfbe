import { openShard } from "../../shared/arrow/shard.ts";
import type { TensorRows, TensorType } from "../../shared/arrow/tensor.ts";
import type { Artifact } from "../../shared/artifacts/types.ts";
import type { ShardExamples } from "./examples.ts";
import type { Window } from "./order.ts";

/** Examples side by side. The arrays are used again for the next batch. */
export interface Batch {
  /** [size, length of a row] */
  readonly rows: TensorRows;
  /** [size]: numbers of classes */
  readonly labels: Uint32Array;
  /** [size]: numbers of the examples, counted shard after shard */
  readonly numbers: Uint32Array;
  /** how many examples there are; what lies behind them is of an earlier batch */
  count: number;
}

export interface BatchSource {
  readonly result: Artifact;
  readonly examples: readonly ShardExamples[];
  /** number of the view to read */
  readonly view: number;
  /** length of a row */
  readonly length: number;
  readonly type: TensorType;
  /** examples in a batch */
  readonly size: number;
}

/**
 * The examples of the windows in their order, in batches of which only the last may be short. Memory holds one view of two
 * windows: the next is read while one is trained on.
 */
export async function* batchesOf(source: BatchSource, windows: readonly Window[]): AsyncGenerator<Batch> {
  const { length, type, size } = source;
  const batch: Batch = {
    rows: type === "uint8" ? new Uint8Array(size * length) : new Float32Array(size * length),
    labels: new Uint32Array(size),
    numbers: new Uint32Array(size),
    count: 0,
  };
  const firsts = firstNumbers(source.examples);
  let ahead = readWindow(source, firsts, windows[0]);
  for (const [i, { order }] of windows.entries()) {
    const loaded = await ahead;
    ahead = readWindow(source, firsts, windows[i + 1]);
    // Where training stops early, nobody waits for what was read ahead.
    ahead.catch(() => undefined);
    for (const position of order) {
      const { rows, row, label, number } = exampleAt(loaded, position);
      batch.rows.set(rows.subarray(row * length, (row + 1) * length), batch.count * length);
      batch.labels[batch.count] = label;
      batch.numbers[batch.count++] = number;
      if (batch.count < size) continue;
      yield batch;
      batch.count = 0;
    }
  }
  if (batch.count > 0) yield batch;
}

interface LoadedShard {
  readonly examples: ShardExamples;
  /** the view's rows, one after another */
  readonly rows: TensorRows;
  /** position of its first example in the window */
  readonly first: number;
  /** and its number among all */
  readonly firstNumber: number;
}

/** The number of each shard's first example. */
function firstNumbers(examples: readonly ShardExamples[]): number[] {
  let next = 0;
  return examples.map(({ rows }) => {
    const first = next;
    next += rows.length;
    return first;
  });
}

async function readWindow(
  source: BatchSource,
  firsts: readonly number[],
  window: Window | undefined,
): Promise<LoadedShard[]> {
  const loaded: LoadedShard[] = [];
  let first = 0;
  for (const number of window?.shards ?? []) {
    const examples = source.examples[number];
    if (examples === undefined) throw new Error(`train: no shard number ${number}`);
    const rows = await readView(source.result, examples.shard.name, source.view);
    loaded.push({ examples, rows, first, firstNumber: firsts[number] as number });
    first += examples.rows.length;
  }
  return loaded;
}

function exampleAt(window: readonly LoadedShard[], position: number) {
  const shard = window.findLast(({ first }) => first <= position);
  if (shard === undefined) throw new Error(`train: no example ${position} in the window`);
  const { rows, labels } = shard.examples;
  const at = position - shard.first;
  return {
    rows: shard.rows,
    row: rows[at] as number,
    label: labels[at] as number,
    number: shard.firstNumber + at,
  };
}

/** The rows of one view of a shard, by the view's number. */
export async function readView(result: Artifact, shard: string, view: number): Promise<TensorRows> {
  const file = await openShard(result.shard(shard));
  try {
    return await file.view(file.views.indexOf(view));
  } finally {
    await file.close();
  }
}
