import { parseModel } from "../onnx/file.ts";
import type { Tensor } from "../onnx/graph.ts";
import type { ComputeDevice, Engine, Feeds, Loop, Session, StateSlot } from "./engine.ts";
import { expectDevice } from "./tensorflow/device.ts";
import { graphRunner, type GraphRunner, type Results } from "./tensorflow/graph-runner.ts";
import type { Held } from "./tensorflow/held.ts";
import { loadTensorflow } from "./tensorflow/library.ts";
import { operationsOf, type Operations } from "./tensorflow/operations.ts";
import { fromDevice, toDevice } from "./tensorflow/travel.ts";

/**
 * TensorFlow, through tfjs-node: its operators one by one, on the GPU where `device` allows it and there is one, in float32. Its
 * threads are the process's and as many as the machine has cores, whatever `threads` says.
 *
 * @throws PipelineError `engine` where the library is not there; `usage` where a GPU is asked for and there is none
 */
export function tensorflowEngine(device: ComputeDevice): Engine {
  const { tfjs, name, version } = loadTensorflow(device);
  expectDevice(device, tfjs);
  const tf = operationsOf(tfjs);
  const opened = (model: Uint8Array) => graphRunner(parseModel(model), tf);
  return {
    name: "tensorflow",
    library: { name, version },
    runsGradientOperators: true,
    // tfjs-node 4.22's binding keeps its tensors in a table of the process, without a lock.
    threadSafe: false,
    load: (model) => attempt(() => sessionOf(opened(model), tf)),
    loop: (model, state) => attempt(() => loopOf(opened(model), state, tf)),
  };
}

function sessionOf(runner: GraphRunner, tf: Operations): Session {
  return {
    run: (feeds, outputs) =>
      attempt(() => withFeeds(tf, feeds, (inputs) => copiedOut(tf, runner.run(inputs, outputs)))),
    close: () =>
      attempt(() => {
        runner.close();
      }),
  };
}

function loopOf(runner: GraphRunner, slots: readonly StateSlot[], tf: Operations): Loop {
  let state = new Map(slots.map(({ input, initial }) => [input, toDevice(tf, initial)]));
  const nextNames = slots.map(({ output }) => output);
  return {
    run: (feeds, outputs) =>
      attempt(() =>
        withFeeds(tf, feeds, (inputs) => {
          const next = runner.run(new Map([...state, ...inputs]), [...nextNames, ...outputs]);
          disposeAll(state.values());
          state = new Map(slots.map(({ input }, i) => [input, next.results[i] as Held]));
          return copiedOut(tf, next, slots.length);
        }),
      ),
    read: (inputs) =>
      attempt(
        () =>
          new Map(
            inputs.map((name) => {
              const held = state.get(name);
              const slot = slots.find(({ input }) => input === name);
              if (held === undefined || slot === undefined) throw new Error(`engine: no state "${name}"`);
              return [name, fromDevice(tf, held, slot.initial.type)];
            }),
          ),
      ),
    close: () =>
      attempt(() => {
        disposeAll(state.values());
        state.clear();
        runner.close();
      }),
  };
}

/** Lets `work` have feeds in TensorFlow's memory. */
function withFeeds<T>(tf: Operations, feeds: Feeds, work: (inputs: ReadonlyMap<string, Held>) => T): T {
  const inputs = new Map(Object.entries(feeds).map(([name, tensor]) => [name, toDevice(tf, tensor)]));
  try {
    return work(inputs);
  } finally {
    disposeAll(inputs.values());
  }
}

/** The results of a run from one on, copied out by their names and disposed of. */
function copiedOut(tf: Operations, { plan, results }: Results, first = 0): Record<string, Tensor> {
  const named = plan.outputs.map((output, i) => [output, results[i] as Held] as const).slice(first);
  const tensors = named.map(([{ name, type }, held]) => [name, fromDevice(tf, held, type)] as const);
  disposeAll(named.map(([, held]) => held));
  return Object.fromEntries(tensors);
}

function disposeAll(all: Iterable<Held>): void {
  for (const held of all) held.dispose();
}

/** TensorFlow answers at once; what it throws is a rejection. */
function attempt<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work());
  });
}
