import { unexpected } from "../../shared/errors.ts";
import type { Engine } from "../../shared/engine/engine.ts";
import { serializeModel } from "../../shared/onnx/file.ts";
import type { Tensor } from "../../shared/onnx/graph.ts";
import type { Head } from "../../shared/training/head.ts";
import { adamW } from "../../shared/training/optimizer.ts";
import { trainingStep } from "../../shared/training/step.ts";
import type { Batch } from "./batches.ts";

/** A head in training: its parameters change with every step. */
export interface Trainer {
  /**
   * One step on a batch.
   *
   * @returns the batch's loss before the step, and what its examples weigh together
   * @throws PipelineError `usage` where the loss is no number: the rate is too high
   */
  step(batch: Batch, learningRate: number): Promise<{ loss: number; weight: number }>;
  /** The parameters as they are now, by name. Later steps leave these tensors as they are. */
  parameters(): Promise<ReadonlyMap<string, Tensor>>;
  close(): Promise<void>;
}

export interface TrainerOptions {
  readonly features: number;
  readonly classes: number;
  readonly batch: number;
  readonly weightDecay: number;
  readonly beta2: number;
  readonly labelSmoothing: number;
  /** [classes]: what an example of each class weighs */
  readonly classWeights: Float32Array;
}

/** One thread: sums that are cut up between threads round differently, and the weights' bytes would follow the core count. */
export const threads = 1;

export async function startTrainer(engine: Engine, head: Head, options: TrainerOptions): Promise<Trainer> {
  const { features, classes, batch: size } = options;
  const { graph, state } = trainingStep(head.graph, {
    batch: size,
    groups: [
      { parameters: head.weights, rate: 1, decay: options.weightDecay },
      // Biases only shift: decay would pull the classes' base rates towards each other.
      { parameters: head.biases, rate: 1, decay: 0 },
    ],
    optimizer: adamW({ beta2: options.beta2 }),
    labelSmoothing: options.labelSmoothing,
  });
  const loop = await engine.loop(serializeModel(graph), state, { threads });
  const targets = new Float32Array(size * classes);
  const weights = new Float32Array(size);
  let steps = 0;
  return {
    async step(batch, learningRate) {
      const weight = fillTargets(batch, options, targets, weights);
      steps++;
      const results = await loop.run(
        {
          features: { type: "float32", dims: [size, features], data: batch.features },
          targets: { type: "float32", dims: [size, classes], data: targets },
          weights: { type: "float32", dims: [size, 1], data: weights },
          learningRate: scalar(learningRate),
          step: scalar(steps),
        },
        ["loss"],
      );
      const loss = Number(results["loss"]?.data[0]);
      if (!Number.isFinite(loss)) throw diverged(steps, loss, learningRate);
      return { loss, weight };
    },
    parameters: () => loop.read([...head.weights, ...head.biases]),
    close: () => loop.close(),
  };
}

/** One-hot rows and what each weighs; rows behind the batch's examples weigh nothing. Returns the sum of the weights. */
function fillTargets(
  { labels, count }: Batch,
  { classes, classWeights }: TrainerOptions,
  targets: Float32Array,
  weights: Float32Array,
): number {
  targets.fill(0);
  weights.fill(0);
  let sum = 0;
  for (let row = 0; row < count; row++) {
    const label = labels[row] as number;
    const weight = classWeights[label] as number;
    targets[row * classes + label] = 1;
    weights[row] = weight;
    sum += weight;
  }
  return sum;
}

function diverged(step: number, loss: number, learningRate: number) {
  return unexpected("usage", {
    where: "train",
    expected: "a loss that is a number",
    subject: `step ${step}`,
    got: `${loss} at learning rate ${learningRate.toPrecision(3)}`,
    mend: "give a lower --lr, or a longer --warmup",
  });
}

function scalar(value: number): Tensor {
  return { type: "float32", dims: [], data: Float32Array.of(value) };
}
