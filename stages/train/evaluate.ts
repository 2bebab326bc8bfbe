import { open } from "node:fs/promises";
import type { Engine } from "../../shared/engine/engine.ts";
import { tensorOf } from "../../shared/engine/rows.ts";
import { sizeOf, type TensorRows } from "../../shared/arrow/tensor.ts";
import { serializeModel } from "../../shared/onnx/file.ts";
import type { Tensor } from "../../shared/onnx/graph.ts";
import { loweredFor } from "../../shared/training/lowering/lowered.ts";
import { opened } from "../../shared/training/parameters.ts";
import type { Tail } from "../../shared/training/tail.ts";
import { trainableIn } from "../../shared/training/tail-at.ts";
import { type Metrics, Tally } from "./metrics.ts";
import type { GatheredExamples } from "./survey.ts";

/** Measures parameters of a tail on the validation examples. */
export interface Evaluator {
  /** @param parameters those that differ from the graph's own */
  measure(parameters: ReadonlyMap<string, Tensor>): Promise<Metrics>;
  /** What the tail makes of the examples, [examples, classes], in their order: all in memory. */
  logits(parameters: ReadonlyMap<string, Tensor>): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface EvaluatorOptions {
  /** examples that go through the tail at once */
  readonly batch: number;
  readonly threads: number;
}

/**
 * One session for all epochs, as the parameters are inputs.
 *
 * @returns null where there are no validation examples
 */
export async function startEvaluator(
  engine: Engine,
  tail: Tail,
  validation: GatheredExamples,
  { batch, threads }: EvaluatorOptions,
): Promise<Evaluator | null> {
  if (validation.labels.length === 0) return null;
  const { graph } = tail;
  const parameters = trainableIn(tail);
  const [[port], [logits]] = [graph.inputs, graph.outputs];
  if (port === undefined || logits === undefined) throw new Error("train: a tail has an input and an output");
  const dims = [batch, ...validation.shape];
  const fixed = opened({ ...graph, inputs: [{ ...port, dims }] }, parameters);
  const session = await engine.load(serializeModel(loweredFor(engine, fixed)), { threads });
  const own = new Map(parameters.map((name) => [name, graph.initializers.get(name)] as [string, Tensor]));
  const [input, output, classes] = [port.name, logits.name, Number(logits.dims[1])];
  async function* answers(values: ReadonlyMap<string, Tensor>) {
    const given = Object.fromEntries([...own, ...values]);
    for await (const { rows, first, count } of rowsOf(validation, batch)) {
      const feeds = { ...given, [input]: tensorOf(rows, dims) };
      const scores = (await session.run(feeds, [output]))[output]?.data as Float32Array;
      yield { first, scores: scores.subarray(0, count * classes) };
    }
  }
  return {
    async measure(values) {
      const tally = new Tally(classes);
      for await (const { first, scores } of answers(values))
        for (let row = 0; row * classes < scores.length; row++)
          tally.add(
            scores.subarray(row * classes, (row + 1) * classes),
            validation.labels[first + row] as number,
          );
      return tally.metrics();
    },
    async logits(values) {
      const all = new Float32Array(validation.labels.length * classes);
      for await (const { first, scores } of answers(values)) all.set(scores, first * classes);
      return all;
    },
    close: () => session.close(),
  };
}

/** The gathered rows, some at a time, in an array that is used again; what lies behind the last `count` is of earlier ones. */
async function* rowsOf({ path, labels, shape, type }: GatheredExamples, batch: number) {
  const file = await open(path);
  try {
    const size = sizeOf(shape);
    const rows: TensorRows = type === "uint8" ? new Uint8Array(batch * size) : new Float32Array(batch * size);
    const rowBytes = size * rows.BYTES_PER_ELEMENT;
    for (let first = 0; first < labels.length; first += batch) {
      const count = Math.min(batch, labels.length - first);
      const bytes = new Uint8Array(rows.buffer, 0, count * rowBytes);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, first * rowBytes);
      if (bytesRead !== bytes.length) throw new Error(`train: ${path} ends early`);
      yield { rows, first, count };
    }
  } finally {
    await file.close();
  }
}
