import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { unexpected } from "../errors.ts";
import { versionsOf } from "../libraries.ts";
import { elementType, type Tensor } from "../onnx/graph.ts";
import type { Engine, Feeds, Session, SessionOptions } from "./engine.ts";
import { loopOver } from "./loop.ts";

const library = "onnxruntime-node";

/** onnxruntime on the CPU, from npm alone. */
export function cpuEngine(): Engine {
  return {
    name: "cpu",
    library: { name: library, version: versionsOf([library])[library] ?? "" },
    runsGradientOperators: false,
    load,
    loop: async (model, state, options) => loopOver(await load(model, options), state),
  };
}

/** @throws PipelineError `engine` where onnxruntime refuses the graph, with its own words */
async function load(model: Uint8Array, { threads }: SessionOptions): Promise<Session> {
  const session = await InferenceSession.create(model, {
    executionProviders: ["cpu"],
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Threads that wait for work by spinning take the cores from whatever decodes photos meanwhile.
    extra: { session: { intra_op: { allow_spinning: "0" } } },
    // Errors only: its warnings speak of graphs that the user did not write.
    logSeverityLevel: 3,
  }).catch((cause: unknown) => {
    throw unexpected("engine", {
      where: "engine",
      expected: "a graph that onnxruntime can run",
      subject: "cpu",
      got: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  });
  return {
    run: (feeds, outputs) => run(session, feeds, outputs),
    close: () => session.release(),
  };
}

async function run(session: InferenceSession, feeds: Feeds, outputs: readonly string[]) {
  const results = await session.run(
    Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, ortTensor(tensor)])),
    outputs,
  );
  return Object.fromEntries(Object.entries(results).map(([name, result]) => [name, ourTensor(name, result)]));
}

function ortTensor({ type, data, dims }: Tensor): OrtTensor {
  return new OrtTensor(type, data, dims);
}

function ourTensor(name: string, { type, data, dims }: OrtTensor): Tensor {
  if (Object.hasOwn(elementType, type)) return { type, data, dims } as Tensor;
  throw unexpected("engine", {
    where: "engine",
    expected: `an element type of ${Object.keys(elementType).join(", ")}`,
    subject: name,
    got: type,
  });
}
