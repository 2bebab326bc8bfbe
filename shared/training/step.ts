import type { StateSlot } from "../engine/engine.ts";
import type { Graph, Tensor } from "../onnx/graph.ts";
import { adopt } from "./adopt.ts";
import { GraphBuilder } from "./builder.ts";
import { gradientsOf } from "./derive.ts";
import { crossEntropy } from "./loss.ts";
import type { Optimizer, Pace } from "./optimizer.ts";

/** Parameters that are trained at one pace. */
export interface ParameterGroup extends Pace {
  /** names of initializers of the forward graph */
  readonly parameters: readonly string[];
}

export interface StepOptions {
  /** rows in every batch; a batch that is not full has rows of weight 0 */
  readonly batch: number;
  readonly groups: readonly ParameterGroup[];
  readonly optimizer: Optimizer;
  /** in [0, 1) */
  readonly labelSmoothing: number;
}

/** A training step as a graph that an engine runs over and over, each time with the state that the last one gave. */
export interface TrainingStep {
  /**
   * Inputs: the forward graph's own, `targets` [batch, classes], `weights` [batch, 1], scalars `learningRate` and `step` (from
   * 1), and the state. Outputs: scalar `loss`, and the state.
   */
  readonly graph: Graph;
  /** parameters, and moments of the optimiser */
  readonly state: readonly StateSlot[];
}

/**
 * Derives a training step from a forward graph with one output, logits [n, classes]: forward, loss, gradients, update. What is
 * not in a group stays as it is. Every free dimension of the forward graph's inputs is the batch.
 *
 * @throws PipelineError `engine` naming the node, where an operator between a parameter and the loss has no gradient rule
 */
export function trainingStep(forward: Graph, options: StepOptions): TrainingStep {
  const g = new GraphBuilder(forward.opset);
  const names = options.groups.flatMap((group) => group.parameters);
  const [logits] = adopt(g, forward, everyFreeDimension(forward, options.batch), new Set(names));
  if (logits === undefined) throw new Error("training: a forward graph gives logits");

  const { type } = logits;
  const targets = g.input("targets", type, logits.dims);
  const weights = g.input("weights", type, [options.batch, 1]);
  const when = { learningRate: g.input("learningRate", type, []), step: g.input("step", type, []) };

  const loss = crossEntropy(g, logits, { targets, weights }, options.labelSmoothing);
  const gradients = gradientsOf(
    g,
    loss,
    names.map((name) => g.value(name)),
  );

  const paces = options.groups.flatMap((group) => group.parameters.map(() => group));
  const updates = names.map((name, i) => {
    const [gradient, pace] = [gradients[i], paces[i]];
    if (gradient === undefined || pace === undefined)
      throw new Error("training: a gradient for each parameter");
    const parameter = g.value(name);
    const slots = options.optimizer.moments.map((moment) => `${name}.${moment}`);
    const moments = slots.map((slot) => g.input(slot, parameter.type, parameter.dims));
    const updated = options.optimizer.update(g, parameter, gradient, moments, when, pace);
    return { name, slots, values: [updated.parameter, ...updated.moments] };
  });

  const state = updates.flatMap(({ name, slots, values }) =>
    [name, ...slots].map((input, i) => {
      const value = values[i];
      const parameter = forward.initializers.get(name);
      if (value === undefined || parameter === undefined) throw new Error(`training: no parameter "${name}"`);
      return {
        slot: { input, output: `${input}.next`, initial: i === 0 ? parameter : zerosLike(parameter) },
        value,
      };
    }),
  );
  return {
    graph: g.graph([["loss", loss], ...state.map(({ slot, value }) => [slot.output, value] as const)]),
    state: state.map(({ slot }) => slot),
  };
}

function everyFreeDimension(graph: Graph, size: number): Record<string, number> {
  const names = graph.inputs.flatMap((port) => port.dims.filter((dim) => typeof dim === "string"));
  return Object.fromEntries(names.map((name) => [name, size]));
}

function zerosLike({ type, dims, data }: Tensor): Tensor {
  const zeros = data instanceof Float64Array ? new Float64Array(data.length) : new Float32Array(data.length);
  return { type, dims, data: zeros };
}
