import { serializeModel } from "../../onnx/file.ts";
import type { Tensor } from "../../onnx/graph.ts";
import { randomFor } from "../../random.ts";
import type { Feeds } from "../engine.ts";

/** A graph to try an engine with, what goes in and what comes out. */
export interface TrialGraph {
  readonly model: Uint8Array;
  readonly feeds: Feeds;
  readonly outputs: readonly string[];
}

/**
 * Three 3×3 convolutions of [4, 64, 56, 56], 2.8 thousand million multiply-adds: long enough for a GPU to be the faster one,
 * a tenth of a second for two cores.
 */
export function convolutions(): TrialGraph {
  const x = numbers("x", [4, 64, 56, 56]);
  const node = (op: string, inputs: string[], output: string, attributes = {}) => ({
    ...{ op, inputs, attributes },
    ...{ name: output, outputs: [output] },
  });
  const padded = { pads: [1, 1, 1, 1] };
  const model = serializeModel({
    opset: 17,
    inputs: [{ name: "x", type: "float32", dims: [...x.dims] }],
    outputs: [{ name: "y", type: "float32", dims: [...x.dims] }],
    nodes: [
      node("Conv", ["x", "w"], "a", padded),
      node("Relu", ["a"], "b"),
      node("Conv", ["b", "w"], "c", padded),
      node("Relu", ["c"], "d"),
      node("Conv", ["d", "w"], "y", padded),
    ],
    initializers: new Map([["w", numbers("w", [64, 64, 3, 3])]]),
    metadata: {},
  });
  return { model, feeds: { x }, outputs: ["y"] };
}

function numbers(name: string, dims: readonly number[]): Tensor {
  const random = randomFor("trial", name);
  const size = dims.reduce((product, dim) => product * dim, 1);
  return { type: "float32", dims, data: Float32Array.from({ length: size }, () => random() - 0.5) };
}
