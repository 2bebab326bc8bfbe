import { open } from "node:fs/promises";
import type { Engine } from "../../shared/engine/engine.ts";
import { serializeModel } from "../../shared/onnx/file.ts";
import type { Graph, Tensor } from "../../shared/onnx/graph.ts";
import { opened } from "../../shared/training/parameters.ts";
import { type Metrics, Tally } from "./metrics.ts";
import type { GatheredExamples } from "./survey.ts";
import { threads } from "./trainer.ts";

/** Measures parameters of a head on the validation examples. */
export interface Evaluator {
  measure(parameters: ReadonlyMap<string, Tensor>): Promise<Metrics>;
  close(): Promise<void>;
}

/** Examples that go through the head at once. */
const batch = 256;

/**
 * One session for all epochs, as the parameters are inputs.
 *
 * @param head `features` [n, features] → `logits` [n, classes]
 * @param parameters names of the constants that change; none: the head as it is
 */
export async function startEvaluator(
  engine: Engine,
  head: Graph,
  parameters: readonly string[],
  validation: GatheredExamples,
): Promise<Evaluator> {
  const session = await engine.load(serializeModel(opened(head, parameters)), { threads });
  return {
    async measure(values) {
      const [features, classes] = [widthOf(head.inputs), widthOf(head.outputs)];
      const tally = new Tally(classes);
      const given = Object.fromEntries(values);
      for await (const { data, first } of rowsOf(validation, features)) {
        const dims = [data.length / features, features];
        const { logits } = await session.run({ ...given, features: { type: "float32", dims, data } }, [
          "logits",
        ]);
        const scores = logits?.data as Float32Array;
        for (let row = 0; row * classes < scores.length; row++)
          tally.add(
            scores.subarray(row * classes, (row + 1) * classes),
            validation.labels[first + row] as number,
          );
      }
      return tally.metrics();
    },
    close: () => session.close(),
  };
}

/** The gathered rows, some at a time. The array is used again for the next ones. */
async function* rowsOf({ path, labels }: GatheredExamples, features: number) {
  const file = await open(path);
  try {
    const data = new Float32Array(batch * features);
    for (let first = 0; first < labels.length; first += batch) {
      const rows = data.subarray(0, Math.min(batch, labels.length - first) * features);
      const bytes = new Uint8Array(rows.buffer, 0, rows.byteLength);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, first * features * 4);
      if (bytesRead !== bytes.length) throw new Error(`train: ${path} ends early`);
      yield { data: rows, first };
    }
  } finally {
    await file.close();
  }
}

function widthOf(ports: Graph["inputs"]): number {
  return Number(ports[0]?.dims[1]);
}
