import type { Engine, Feeds } from "../../shared/engine/engine.ts";
import { PipelineError } from "../../shared/errors.ts";
import { serializeModel } from "../../shared/onnx/file.ts";
import type { Attribute, Graph, GraphNode, Port } from "../../shared/onnx/graph.ts";
import type { Progress } from "../../shared/progress.ts";
import type { Matrix } from "./matrix.ts";
import type { Work } from "./works.ts";

/** What classifiers compute with, and how they speak and are stopped. */
export interface Means {
  readonly engine: Engine;
  readonly threads: number;
  /** threads for what is no graph */
  readonly work: Work;
  readonly seed: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * A graph opened for as long as `use` takes; a run answers its outputs, float32, by name. Between runs Ctrl-C is heard.
 */
export async function withGraph<Result>(
  graph: Graph,
  { engine, threads, signal }: Means,
  use: (run: (feeds: Feeds) => Promise<(output: string) => Matrix>) => Promise<Result>,
): Promise<Result> {
  const session = await engine.load(serializeModel(graph), { threads });
  const outputs = graph.outputs.map(({ name }) => name);
  try {
    return await use(async (feeds) => {
      stopWhereAborted(signal);
      const results = await session.run(feeds, outputs);
      return (output) => {
        const { dims, data } = results[output] ?? {};
        const [rows = 1, columns = 1] = dims ?? [];
        if (data instanceof Float32Array) return { rows, columns, data };
        throw new Error(`classify: the graph has no float32 output "${output}"`);
      };
    });
  } finally {
    await session.close();
  }
}

/** @throws PipelineError `interrupted` where the signal was aborted */
export function stopWhereAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new PipelineError("interrupted", "classify: stopped");
}

/** A graph of float32 matrices with free dimensions; ports are "name rows columns". */
export function matrixGraph(
  inputs: readonly string[],
  outputs: readonly string[],
  nodes: readonly GraphNode[],
  initializers: Graph["initializers"] = new Map(),
): Graph {
  return {
    opset: 17,
    inputs: inputs.map(port),
    outputs: outputs.map(port),
    nodes,
    initializers,
    metadata: {},
  };
}

function port(text: string): Port {
  const [name = "", ...dims] = text.split(" ");
  return { name, type: "float32", dims };
}

/** A node with one output, which also names it. */
export function step(
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, Attribute>> = {},
): GraphNode {
  return { op, name: output, inputs, outputs: [output], attributes };
}
