import { unexpected } from "../../errors.ts";
import type { Graph, Tensor } from "../../onnx/graph.ts";
import { adopt } from "../../training/adopt.ts";
import { type Applied, GraphBuilder, type Value } from "../../training/builder.ts";
import { kernels } from "./kernels.ts";
import type { Kernel } from "./kernels/kernel.ts";

/** One node's turn. */
interface Step {
  readonly node: Applied;
  readonly kernel: Kernel;
  /** tensors that nobody needs afterwards */
  readonly spent: readonly string[];
}

/** What a run does, for inputs of known dimensions: nodes in order, and what each leaves behind. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly outputs: readonly Value[];
  readonly constants: ReadonlyMap<string, Tensor>;
}

/** @throws PipelineError `engine` naming a tensor of numbers that TensorFlow is not given here */
export function expectFloat32(graph: Graph): void {
  const tensors = [...graph.initializers].map(([name, { type }]) => ({ name, type }));
  for (const { name, type } of [...graph.inputs, ...tensors])
    if (type === "float64") throw unsupported("float32", name, type);
}

/**
 * @param dims of the graph's inputs, by name
 * @throws PipelineError `engine` naming a node whose operator TensorFlow's table lacks, or that
 * does not fit the dimensions
 */
export function planOf(
  graph: Graph,
  dims: ReadonlyMap<string, readonly number[]>,
  outputs: readonly string[],
): Plan {
  const g = new GraphBuilder(graph.opset);
  const inputs = graph.inputs.map((port) => ({ ...port, dims: dims.get(port.name) ?? port.dims }));
  adopt(g, { ...graph, inputs, outputs: [] }, {}, new Set());
  const wanted = outputs.map((name) => g.value(name));
  const needed = new Set(outputs);
  const steps: Step[] = [];
  // From behind, the first node that names a tensor is the last that needs it.
  for (const node of g.nodes.toReversed()) {
    if (!needed.has(node.output.name)) continue;
    const spent: string[] = [];
    for (const input of node.inputs) {
      if (input === null || needed.has(input.name)) continue;
      needed.add(input.name);
      spent.push(input.name);
    }
    steps.push({ node, kernel: kernelOf(node), spent });
  }
  return { steps: steps.reverse(), outputs: wanted, constants: g.initializers };
}

function kernelOf({ op, node }: Applied): Kernel {
  const kernel = Object.hasOwn(kernels, op) ? kernels[op] : undefined;
  if (kernel === undefined) throw unsupported("an operator that TensorFlow's table has", node, op);
  return kernel;
}

function unsupported(expected: string, subject: string, got: string) {
  return unexpected("engine", {
    where: "engine tensorflow",
    expected,
    subject,
    got,
    hint: "--engine cpu runs more operators",
  });
}
