import type { Engine } from "../../engine/engine.ts";
import type { Graph } from "../../onnx/graph.ts";
import { loweredForOnnxruntime } from "./onnxruntime.ts";

/**
 * A training graph as an engine runs it best.
 *
 * @param graph every dimension of its inputs is a number
 * @throws PipelineError `engine` naming the node, where an operator has no lowering
 */
export function loweredFor(engine: Engine, graph: Graph): Graph {
  return engine.runsGradientOperators ? graph : loweredForOnnxruntime(graph);
}
