import type { Graph } from "../onnx/graph.ts";
import { namesIn, renamed } from "../onnx/subgraph.ts";
import { freshPrefix } from "../backbone/frozen.ts";

/** What a training step's own inputs and its loss are called: as here, unless the network has an input or parameter of that name. */
export interface StepNames {
  readonly targets: string;
  readonly weights: string;
  readonly learningRate: string;
  readonly step: string;
  readonly loss: string;
}

/** What a parameter's slots of the state are called. */
interface SlotNames {
  /** one for each moment of the optimiser */
  readonly moments: readonly string[];
  readonly average: string;
  /** of the parameter, its moments and its average, in that order: what the next step gets */
  readonly next: readonly string[];
}

/** Every name of a step's own, all of them apart from each other and from what the network's callers know by name. */
interface OwnNames {
  readonly step: StepNames;
  readonly slots: ReadonlyMap<string, SlotNames>;
}

/**
 * Names for what a step adds to a network.
 *
 * @param known names that stay as they are: the network's inputs and its parameters
 */
export function ownNames(
  known: ReadonlySet<string>,
  parameters: readonly string[],
  moments: readonly string[],
): OwnNames {
  const taken = new Set(known);
  const step = {
    targets: fresh("targets", taken),
    weights: fresh("weights", taken),
    learningRate: fresh("learningRate", taken),
    step: fresh("step", taken),
    loss: fresh("loss", taken),
  };
  const slots = new Map(
    parameters.map((name) => {
      const own = [...moments, "average"].map((slot) => fresh(`${name}.${slot}`, taken));
      const next = [name, ...own].map((slot) => fresh(`${slot}.next`, taken));
      return [name, { moments: own.slice(0, -1), average: own.at(-1) ?? "", next }] as const;
    }),
  );
  return { step, slots };
}

/**
 * The network with other names for those of its inner tensors that are called as something of the step's own.
 *
 * @param known as for `ownNames`
 */
export function withoutClashes(graph: Graph, known: ReadonlySet<string>, own: OwnNames): Graph {
  const { targets, weights, learningRate, step, loss } = own.step;
  const ours = new Set([
    ...[targets, weights, learningRate, step, loss],
    ...[...own.slots.values()].flatMap(({ moments, average, next }) => [...moments, average, ...next]),
  ]);
  const names = namesIn(graph);
  const clashes = [...names].some((name) => ours.has(name) && !known.has(name));
  if (!clashes) return graph;
  const prefix = freshPrefix(names, "network");
  return renamed(graph, (name) => (ours.has(name) && !known.has(name) ? prefix + name : name));
}

function fresh(name: string, taken: Set<string>): string {
  const free = taken.has(name) ? fresh(`${name}_`, taken) : name;
  taken.add(free);
  return free;
}
