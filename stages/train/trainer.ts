import { unexpected } from "../../shared/errors.ts";
import type { Engine, Loop } from "../../shared/engine/engine.ts";
import { OutOfMemory } from "../../shared/engine/out-of-memory.ts";
import { tensorOf } from "../../shared/engine/rows.ts";
import { serializeModel } from "../../shared/onnx/file.ts";
import type { Tensor } from "../../shared/onnx/graph.ts";
import { loweredFor } from "../../shared/training/lowering/lowered.ts";
import { adamW } from "../../shared/training/optimizer.ts";
import { withParameters } from "../../shared/training/parameters.ts";
import type { StepNames } from "../../shared/training/names.ts";
import { type TrainingSlot, trainingStep } from "../../shared/training/step.ts";
import type { Tail } from "../../shared/training/tail.ts";
import type { Batch } from "./batches.ts";
import { groupsOf, type Phase } from "./phases.ts";
import type { Recipe } from "./recipe.ts";

/** Where a training stands, apart from its data. */
export interface TrainingState {
  /** steps made in the phase */
  readonly steps: number;
  /** parameters that were trained so far, and the moments of those that are trained now */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** The unfrozen part of a network in training: its parameters change with every step. */
export interface Trainer {
  /** Begins a phase: another part is trained, the optimiser starts anew. */
  enter(phase: Phase): Promise<void>;
  /** Goes on within a phase where an earlier process stood. */
  resume(phase: Phase, state: TrainingState): Promise<void>;
  /**
   * One step on a batch.
   *
   * @returns the batch's loss before the step, and what its examples weigh together
   * @throws PipelineError `usage` where the loss is no number: the rate is too high
   */
  step(batch: Batch, learningRate: number): Promise<{ loss: number; weight: number }>;
  /**
   * What was trained so far, by name; their averages over the steps, where the recipe keeps those.
   * Later steps leave these tensors as they are.
   */
  parameters(): Promise<ReadonlyMap<string, Tensor>>;
  state(): Promise<TrainingState>;
  close(): Promise<void>;
}

export interface TrainerOptions {
  readonly classes: number;
  readonly recipe: Recipe;
  /** [classes]: what an example of each class weighs */
  readonly classWeights: Float32Array;
  /**
   * the tail has a head for each fold, its rows of logits behind those of the one before; left out:
   * one head, for all
   */
  readonly folds?: Folds;
  readonly threads: number;
  /** whether the threads spin while they wait for work */
  readonly spinning: boolean;
}

/** Parts of the examples, of which each is kept from one of the heads. */
export interface Folds {
  readonly count: number;
  /** [examples]: in [0, count), by the example's number */
  readonly of: Uint32Array;
}

/** Trains a tail, phase after phase. Nothing can be stepped before a phase was entered. */
export function startTrainer(engine: Engine, tail: Tail, options: TrainerOptions): Trainer {
  const { classes, recipe, threads, spinning } = options;
  const { batch: size } = recipe;
  const shape = (tail.graph.inputs[0]?.dims.slice(1) ?? []) as number[];
  const rows = size * (options.folds?.count ?? 1);
  const targets = new Float32Array(rows * classes);
  const weights = new Float32Array(rows);
  let running: {
    readonly loop: Loop;
    readonly names: StepNames;
    readonly slots: readonly TrainingSlot[];
  } | null = null;
  let trained: ReadonlyMap<string, Tensor> = new Map();
  let steps = 0;

  const read = async (wanted: (slot: TrainingSlot) => boolean, name: (slot: TrainingSlot) => string) => {
    if (running === null) return [];
    const slots = running.slots.filter(wanted);
    const tensors = await running.loop.read(slots.map(({ input }) => input));
    return slots.map((slot) => [name(slot), tensors.get(slot.input) as Tensor] as const);
  };
  const ofKind = async (kind: TrainingSlot["kind"]) =>
    new Map([
      ...trained,
      ...(await read(
        (slot) => slot.kind === kind,
        ({ parameter }) => parameter,
      )),
    ]);
  const start = async (phase: Phase, from: ReadonlyMap<string, Tensor>) => {
    trained = new Map([...from].filter(([name]) => tail.graph.initializers.has(name)));
    const groups = groupsOf(tail, phase, recipe);
    const { graph, names, state } = trainingStep(withParameters(tail.graph, trained), {
      batch: size,
      groups,
      optimizer: adamW({ beta2: recipe.beta2 }),
      labelSmoothing: recipe.labelSmoothing,
      clip: recipe.clip > 0 ? recipe.clip : null,
      average: recipe.average > 0 ? recipe.average : null,
    });
    await running?.loop.close();
    const resumed = state.map((slot) => ({ ...slot, initial: from.get(slot.input) ?? slot.initial }));
    const loop = await engine.loop(serializeModel(loweredFor(engine, graph)), resumed, { threads, spinning });
    running = { loop, names, slots: state };
  };
  return {
    async enter(phase) {
      await start(phase, await ofKind("parameter"));
      steps = 0;
    },
    async resume(phase, state) {
      await start(phase, state.tensors);
      steps = state.steps;
    },
    async step(batch, learningRate) {
      if (running === null) throw new Error("train: no phase was entered");
      const { loop, names } = running;
      const weight = fillTargets(batch, options, targets, weights);
      steps++;
      const results = await loop
        .run(
          {
            [tail.input]: tensorOf(batch.rows, [size, ...shape]),
            [names.targets]: { type: "float32", dims: [rows, classes], data: targets },
            [names.weights]: { type: "float32", dims: [rows, 1], data: weights },
            [names.learningRate]: scalar(learningRate),
            [names.step]: scalar(steps),
          },
          [names.loss],
        )
        .catch((error: unknown) => {
          throw error instanceof OutOfMemory ? batchTooLarge(size, error) : error;
        });
      const loss = Number(results[names.loss]?.data[0]);
      if (!Number.isFinite(loss)) throw diverged(steps, loss, learningRate);
      return { loss, weight };
    },
    parameters: () => ofKind(recipe.average > 0 ? "average" : "parameter"),
    state: async () => ({
      steps,
      tensors: new Map([
        ...trained,
        ...(await read(
          () => true,
          ({ input }) => input,
        )),
      ]),
    }),
    close: async () => running?.loop.close(),
  };
}

/**
 * One-hot rows and what each weighs; rows behind the batch's examples, and those of a head from
 * which the example is kept, weigh nothing. Returns the sum of the weights.
 */
function fillTargets(
  { labels, numbers, count }: Batch,
  { classes, classWeights, folds, recipe }: TrainerOptions,
  targets: Float32Array,
  weights: Float32Array,
): number {
  targets.fill(0);
  weights.fill(0);
  let sum = 0;
  for (let head = 0; head < (folds?.count ?? 1); head++)
    for (let i = 0; i < count; i++) {
      const [label, row] = [labels[i] as number, head * recipe.batch + i];
      const weight = folds?.of[numbers[i] as number] === head ? 0 : (classWeights[label] as number);
      targets[row * classes + label] = 1;
      weights[row] = weight;
      sum += weight;
    }
  return sum;
}

/** Half of it is another training, so the user is to say so. */
function batchTooLarge(batch: number, cause: OutOfMemory) {
  return unexpected("engine", {
    where: "train",
    expected: "memory for a step",
    subject: `--batch ${batch}`,
    got: cause.message.split("\n")[0] ?? "",
    hint:
      batch === 1
        ? "unfreeze less: a smaller --unfreeze"
        : `give --batch ${batch >> 1}, or a smaller --unfreeze`,
    cause,
  });
}

function diverged(step: number, loss: number, learningRate: number) {
  return unexpected("usage", {
    where: "train",
    expected: "a loss that is a number",
    subject: `step ${step}`,
    got: `${loss} at learning rate ${learningRate.toPrecision(3)}`,
    hint: "give a lower --lr, or a longer --warmup",
  });
}

function scalar(value: number): Tensor {
  return { type: "float32", dims: [], data: Float32Array.of(value) };
}
