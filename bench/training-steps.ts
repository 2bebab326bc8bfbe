import type { Backbone } from "../shared/backbone/backbone.ts";
import type { Engine } from "../shared/engine/engine.ts";
import { tensorOf } from "../shared/engine/rows.ts";
import { coresAreIdle } from "../shared/idle.ts";
import { serializeModel } from "../shared/onnx/file.ts";
import type { Tensor } from "../shared/onnx/graph.ts";
import { type Head, newHead } from "../shared/training/head.ts";
import { loweredFor } from "../shared/training/lowering/lowered.ts";
import { adamW } from "../shared/training/optimizer.ts";
import { trainingStep } from "../shared/training/step.ts";
import { type Tail, tailGraph } from "../shared/training/tail.ts";

export const classes = 10;
export const rate = 1e-3;

export function newHeadOn({ features, graph: { opset } }: Backbone): Head {
  return newHead({ kind: "linear", features, classes, seed: 0, standardisation: null, opset });
}

/** What is behind a boundary, and a new head on it. */
export function tailOf(backbone: Backbone, boundary: string, dims: readonly number[]): Tail {
  return tailGraph(backbone, boundary, dims, newHeadOn(backbone), { batchNormalisation: "frozen" });
}

/** What steps are made on. */
export interface StepInput {
  readonly batch: number;
  /** of one row */
  readonly shape: readonly number[];
  readonly rows: Float32Array | Uint8Array;
  readonly threads: number;
}

/**
 * Steps as the train stage makes them, on one batch over and over: weights and moments stay with the engine.
 *
 * @returns what makes a step and answers its loss, and what ends it
 */
export async function trainingSteps(
  engine: Engine,
  tail: Tail,
  { batch, shape, rows, threads }: StepInput,
): Promise<{ step: () => Promise<number>; close: () => Promise<void> }> {
  const groups = [...tail.blocks, tail.head];
  const { graph, state } = trainingStep(tail.graph, {
    batch,
    groups: groups.flatMap(({ weights, biases, norms }) => [
      { parameters: weights, rate: 1, decay: 0.01 },
      { parameters: [...biases, ...norms], rate: 1, decay: 0 },
    ]),
    optimizer: adamW(),
    labelSmoothing: 0,
  });
  const spinning = await coresAreIdle();
  const loop = await engine.loop(serializeModel(loweredFor(engine, graph)), state, { threads, spinning });
  const targets = new Float32Array(batch * classes);
  for (let row = 0; row < batch; row++) targets[row * classes + (row % classes)] = 1;
  let steps = 0;
  const step = async () => {
    const { loss } = await loop.run(
      {
        [tail.input]: tensorOf(rows, [batch, ...shape]),
        targets: floats([batch, classes], targets),
        weights: floats([batch, 1], new Float32Array(batch).fill(1)),
        learningRate: floats([], Float32Array.of(rate)),
        step: floats([], Float32Array.of(++steps)),
      },
      ["loss"],
    );
    return Number(loss?.data[0]);
  };
  return { step, close: () => loop.close() };
}

function floats(dims: readonly number[], data: Float32Array): Tensor {
  return { type: "float32", dims, data };
}
