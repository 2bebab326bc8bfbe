import { PipelineError } from "../../errors.ts";
import type { Graph, Tensor } from "../../onnx/graph.ts";
import { outOfMemory } from "../out-of-memory.ts";
import type { Held } from "./held.ts";
import type { Applied } from "../../training/builder.ts";
import type { Operations } from "./operations.ts";
import { expectFloat32, type Plan, planOf } from "./plan.ts";
import { toDevice } from "./travel.ts";

/** Outputs in TensorFlow's memory, in the plan's order. */
export interface Results {
  readonly plan: Plan;
  readonly results: readonly Held[];
}

/** A graph whose constants are in TensorFlow's memory, ready to run. */
export interface GraphRunner {
  /**
   * @param inputs stay the caller's
   * @returns the outputs, the caller's to dispose of, in their order
   */
  run(inputs: ReadonlyMap<string, Held>, outputs: readonly string[]): Results;
  close(): void;
}

/** @throws PipelineError `engine` naming a node that TensorFlow's table lacks, before anything runs */
export function graphRunner(graph: Graph, tf: Operations): GraphRunner {
  expectFloat32(graph);
  const onlyBatchIsFree = graph.inputs.every(({ dims }) =>
    dims.slice(1).every((dim) => typeof dim === "number"),
  );
  // What else is free is known at the first run, and the whole plan is made before its first node.
  if (onlyBatchIsFree)
    planOf(
      graph,
      smallest(graph),
      graph.outputs.map(({ name }) => name),
    );
  const plans = new Map<string, Plan>();
  const constants = new Map<Tensor, Held>();

  const planFor = (inputs: ReadonlyMap<string, Held>, outputs: readonly string[]) => {
    const dims = new Map([...inputs].map(([name, held]) => [name, held.dims] as const));
    const key = JSON.stringify([...dims, outputs]);
    const known = plans.get(key);
    if (known !== undefined) return known;
    const plan = planOf(graph, dims, outputs);
    plans.set(key, plan);
    return plan;
  };
  const constant = (tensor: Tensor): Held => {
    const known = constants.get(tensor);
    if (known !== undefined) return known;
    const held = toDevice(tf, tensor);
    constants.set(tensor, held);
    return held;
  };

  return {
    run(inputs, outputs) {
      const plan = planFor(inputs, outputs);
      const made = new Map<string, Held>();
      const held = (name: string): Held => {
        const known = made.get(name) ?? inputs.get(name);
        if (known !== undefined) return known;
        const tensor = plan.constants.get(name);
        if (tensor === undefined) throw new Error(`engine: no tensor "${name}"`);
        return constant(tensor);
      };
      try {
        for (const { node, kernel, spent } of plan.steps) {
          const result = tf.scope(() => kernel((position) => held(inputName(node, position)), node, tf));
          made.set(node.output.name, result);
          for (const name of spent) {
            made.get(name)?.dispose();
            made.delete(name);
          }
        }
        const results = outputs.map((name) => held(name).shared());
        return { plan, results };
      } catch (cause) {
        throw cause instanceof PipelineError ? cause : failed(cause);
      } finally {
        for (const result of made.values()) result.dispose();
      }
    },
    close() {
      for (const held of constants.values()) held.dispose();
      constants.clear();
    },
  };
}

/** Every free dimension 1. */
function smallest(graph: Graph): Map<string, number[]> {
  return new Map(
    graph.inputs.map(({ name, dims }) => [name, dims.map((dim) => (typeof dim === "number" ? dim : 1))]),
  );
}

function inputName({ inputs, node, op }: Applied, position: number): string {
  const input = inputs[position];
  if (!input) throw new Error(`engine: "${node}" (${op}) lacks an input at position ${position}`);
  return input.name;
}

function failed(cause: unknown): unknown {
  // TF_Status 8 is RESOURCE_EXHAUSTED.
  const [status = "", message = ""] = cause instanceof Error ? cause.message.split("\n") : [];
  if (!status.includes("TF_Status: 8")) return cause;
  return outOfMemory("tensorflow", message, cause);
}
