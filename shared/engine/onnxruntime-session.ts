import "./no-telemetry.ts";
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { type PipelineError, unexpected } from "../errors.ts";
import { versionsOf } from "../libraries.ts";
import { elementType, type Tensor } from "../onnx/graph.ts";
import type { Engine, Feeds, Session, SessionOptions } from "./engine.ts";
import { outOfMemory, tellsOfNoMemory } from "./out-of-memory.ts";

const library = "onnxruntime-node";

/** Whose numbers those of every engine on onnxruntime depend on. */
export function onnxruntimeLibrary(): Engine["library"] {
  return { name: library, version: versionsOf([library])[library] ?? "" };
}

/** How a graph is opened by one of onnxruntime's execution providers. */
export interface Provider {
  /** the engine's name, for messages */
  readonly engine: string;
  readonly provider: InferenceSession.ExecutionProviderConfig;
  /** outputs that stay on the device */
  readonly kept?: readonly string[];
  /** What is wrong where the provider, not the graph, is; null where it is the graph. */
  readonly unusable?: (message: string) => PipelineError | null;
}

/**
 * A graph, opened. Operators that the provider lacks run on the CPU, which onnxruntime adds by
 * itself; a provider that cannot be loaded is an error.
 *
 * @throws PipelineError `engine` where the provider cannot be loaded or onnxruntime refuses the
 * graph, with its own words
 */
export async function openSession(
  model: Uint8Array,
  { threads, spinning = false }: SessionOptions,
  { engine, provider, kept = [], unusable = () => null }: Provider,
): Promise<InferenceSession> {
  return InferenceSession.create(model, {
    executionProviders: [provider],
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    ...(kept.length === 0
      ? {}
      : { preferredOutputLocation: Object.fromEntries(kept.map((name) => [name, "gpu-buffer" as const])) }),
    // Threads that wait for work by spinning take the cores from whatever decodes photos meanwhile.
    extra: { session: { intra_op: { allow_spinning: spinning ? "1" : "0" } } },
    // Errors only: its warnings speak of graphs that the user did not write.
    logSeverityLevel: 3,
  }).catch((cause: unknown) => {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw (
      unusable(message) ??
      unexpected("engine", {
        where: "engine",
        expected: "a graph that onnxruntime can run",
        subject: engine,
        got: message,
        cause,
      })
    );
  });
}

/** A graph whose inputs come from this process's memory, and whose outputs go there. */
export async function loadSession(
  model: Uint8Array,
  options: SessionOptions,
  provider: Provider,
): Promise<Session> {
  const session = await openSession(model, options, provider);
  return {
    async run(feeds, outputs) {
      const results = await ranInMemory(provider.engine, session.run(ortTensors(feeds), outputs));
      return Object.fromEntries(
        Object.entries(results).map(([name, result]) => [name, ourTensor(name, result)]),
      );
    },
    close: () => session.release(),
  };
}

/** @throws OutOfMemory where that is what a run failed of */
export async function ranInMemory<Results>(engine: string, run: Promise<Results>): Promise<Results> {
  return run.catch((cause: unknown) => {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw tellsOfNoMemory(message) ? outOfMemory(engine, message.split("\n")[0] ?? "", cause) : cause;
  });
}

export function ortTensors(feeds: Feeds): Record<string, OrtTensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { type, data, dims }]) => [name, new OrtTensor(type, data, dims)]),
  );
}

/** A tensor in this process's memory, in our form. */
export function ourTensor(name: string, { type, data, dims }: OrtTensor): Tensor {
  if (Object.hasOwn(elementType, type)) return { type, data, dims } as Tensor;
  throw unexpected("engine", {
    where: "engine",
    expected: `an element type of ${Object.keys(elementType).join(", ")}`,
    subject: name,
    got: type,
  });
}
