import type { StateSlot } from "../engine/engine.ts";
import type { Graph, Tensor } from "../onnx/graph.ts";
import { adopt } from "./adopt.ts";
import { averaged } from "./average.ts";
import { GraphBuilder } from "./builder.ts";
import type { Value } from "./builder.ts";
import { clippedByNorm } from "./clip.ts";
import { gradientsOf } from "./derive.ts";
import { crossEntropy } from "./loss.ts";
import { ownNames, withoutClashes } from "./names.ts";
import type { StepNames } from "./names.ts";
import type { Optimizer, Pace } from "./optimizer.ts";

/** Parameters that are trained at one pace. */
export interface ParameterGroup extends Pace {
  /** names of initializers of the forward graph */
  readonly parameters: readonly string[];
}

export interface StepOptions {
  /** examples in every batch; a batch that is not full has rows of weight 0 */
  readonly batch: number;
  readonly groups: readonly ParameterGroup[];
  readonly optimizer: Optimizer;
  /** in [0, 1) */
  readonly labelSmoothing: number;
  /** the greatest norm of all gradients together; null or left out: they are not clipped */
  readonly clip?: number | null;
  /** decay of an average of each parameter over the steps, in (0, 1); null or left out: none is kept */
  readonly average?: number | null;
}

/** A part of a step's state: a parameter, a moment that the optimiser keeps of it, or its average over the steps. */
export interface TrainingSlot extends StateSlot {
  readonly kind: "parameter" | "moment" | "average";
  /** name of the parameter that it is, or is of */
  readonly parameter: string;
}

/** A training step as a graph that an engine runs over and over, each time with the state that the last one gave. */
export interface TrainingStep {
  /**
   * Inputs: the forward graph's own, `targets` [rows, classes], `weights` [rows, 1], scalars `learningRate` and `step` (from
   * 1), and the state. The rows are the logits': as many as the batch, or more where several heads lie side by side. Outputs: scalar `loss`, and the state.
   */
  readonly graph: Graph;
  /** what these inputs and the loss are called, should the forward graph have inputs or parameters of those names */
  readonly names: StepNames;
  readonly state: readonly TrainingSlot[];
}

/**
 * Derives a training step from a forward graph with one output, logits [n, classes]: forward, loss, gradients, update. What is
 * not in a group stays as it is. Every free dimension of the forward graph's inputs is the batch.
 *
 * @throws PipelineError `engine` naming the node, where an operator between a parameter and the loss has no gradient rule
 */
export function trainingStep(forward: Graph, options: StepOptions): TrainingStep {
  const { clip = null, average = null, optimizer } = options;
  const paces = new Map(options.groups.flatMap((group) => group.parameters.map((name) => [name, group])));
  const known = new Set([...forward.inputs.map(({ name }) => name), ...paces.keys()]);
  const own = ownNames(known, [...paces.keys()], optimizer.moments);
  const network = withoutClashes(forward, known, own);

  const g = new GraphBuilder(forward.opset);
  const [logits] = adopt(g, network, everyFreeDimension(network, options.batch), new Set(paces.keys()));
  if (logits === undefined) throw new Error("training: a forward graph gives logits");

  const { type } = logits;
  const targets = g.input(own.step.targets, type, logits.dims);
  const weights = g.input(own.step.weights, type, [logits.dims[0] ?? options.batch, 1]);
  const when = {
    learningRate: g.input(own.step.learningRate, type, []),
    step: g.input(own.step.step, type, []),
  };

  const loss = crossEntropy(g, logits, { targets, weights }, options.labelSmoothing);
  const parameters = [...paces.keys()].map((name) => g.value(name));
  const derived = gradientsOf(g, loss, parameters);
  const gradients = clip === null ? derived : clippedByNorm(g, derived, clip);

  const updates = parameters.flatMap((parameter, i): Update[] => {
    const { name } = parameter;
    const [gradient, pace, slots] = [gradients[i], paces.get(name), own.slots.get(name)];
    const initial = forward.initializers.get(name);
    if (!gradient || !pace || !slots || !initial) throw new Error(`training: no parameter "${name}"`);
    const state = (slot: string) => g.input(slot, parameter.type, parameter.dims);
    const updated = optimizer.update(g, parameter, gradient, slots.moments.map(state), when, pace);
    const all: Omit<Update, "output" | "parameter">[] = [
      { kind: "parameter", input: name, initial, value: updated.parameter },
      ...updated.moments.map((value, at) => {
        const input = slots.moments[at] ?? "";
        return { kind: "moment" as const, input, initial: zerosLike(initial), value };
      }),
    ];
    if (average !== null) {
      const value = averaged(g, state(slots.average), updated.parameter, when.step, average);
      all.push({ kind: "average", input: slots.average, initial, value });
    }
    return all.map((one, at) => ({ ...one, output: slots.next[at] ?? "", parameter: name }));
  });
  return {
    graph: g.graph([[own.step.loss, loss], ...updates.map(({ output, value }) => [output, value] as const)]),
    names: own.step,
    state: updates.map(({ kind, parameter, input, output, initial }) => {
      return { kind, parameter, input, output, initial };
    }),
  };
}

/** A slot, and what a step puts there. */
interface Update extends TrainingSlot {
  readonly value: Value;
}

function everyFreeDimension(graph: Graph, size: number): Record<string, number> {
  const names = graph.inputs.flatMap((port) => port.dims.filter((dim) => typeof dim === "string"));
  return Object.fromEntries(names.map((name) => [name, size]));
}

function zerosLike({ type, dims, data }: Tensor): Tensor {
  const zeros = data instanceof Float64Array ? new Float64Array(data.length) : new Float32Array(data.length);
  return { type, dims, data: zeros };
}
