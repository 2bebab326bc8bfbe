import type { Graph, GraphNode, Port } from "../onnx/graph.ts";
import { namesIn } from "../onnx/subgraph.ts";
import type { GraphBuilder, Value } from "./builder.ts";
import { compositions } from "./compositions.ts";
import { knownValue } from "./constants.ts";
import { outputShape } from "./shapes.ts";
import { attributeInt, attributeInts, fromFront, integers } from "./shapes/operands.ts";

/**
 * Takes a graph's nodes over, its free dimensions bound to numbers. What follows from dimensions alone becomes a constant; a
 * Split becomes Slices, so that every node has one output, and a Gather that moves nothing a Reshape.
 *
 * @param opened initializers that become inputs, so that their values can change from run to run
 * @returns its outputs, in order
 * @throws PipelineError `engine` naming a node whose operator is not known
 */
export function adopt(
  g: GraphBuilder,
  graph: Graph,
  free: Readonly<Record<string, number>>,
  opened: ReadonlySet<string>,
): Value[] {
  g.reserve(namesIn(graph));
  for (const port of graph.inputs) g.input(port.name, port.type, boundDims(port, free));
  for (const [name, tensor] of graph.initializers)
    if (opened.has(name)) g.input(name, tensor.type, tensor.dims);
    else g.initializer(name, tensor);
  const given = new Set(graph.outputs.map((port) => port.name));
  for (const node of graph.nodes)
    if (node.op === "Split") adoptSplit(g, node);
    else if (Object.hasOwn(compositions, node.op)) adoptComposed(g, node);
    else if (takesAllInOrder(g, node)) adoptInOrder(g, node);
    else adoptNode(g, node, given);
  return graph.outputs.map((port) => g.value(port.name));
}

/** @param given names of the graph's outputs, which stay what a node makes */
function adoptNode(g: GraphBuilder, node: GraphNode, given: ReadonlySet<string>): void {
  const [output, ...more] = node.outputs.filter((name) => name !== "");
  if (output === undefined || more.length > 0)
    throw new Error(
      `training: expected one output for "${node.name}" (${node.op}) but got ${node.outputs.length}`,
    );
  const operands = operandsOf(g, node);
  const known = given.has(output) ? null : knownValue(operands);
  if (known === null) g.apply(operands, output);
  else g.initializer(output, known);
}

function adoptSplit(g: GraphBuilder, node: GraphNode): void {
  const operands = operandsOf(g, node);
  const [whole] = operands.inputs;
  if (!whole) throw new Error(`training: "${node.name}" splits nothing`);
  const axis = fromFront(attributeInt(operands, "axis", 0), whole.dims.length);
  const equal = Math.ceil((whole.dims[axis] ?? 0) / node.outputs.length);
  const sizes =
    attributeInts(operands, "split") ??
    (operands.inputs[1] ? integers(operands, 1) : node.outputs.map(() => equal));
  let start = 0;
  for (const [i, output] of node.outputs.entries()) {
    const end = Math.min(start + (sizes[i] ?? 0), whole.dims[axis] ?? 0);
    const inputs = [whole, g.integers([start]), g.integers([end]), g.integers([axis])];
    g.apply({ ...operands, op: "Slice", inputs, attributes: {} }, output);
    start = end;
  }
}

function adoptComposed(g: GraphBuilder, node: GraphNode): void {
  const operands = operandsOf(g, node);
  const value = compositions[node.op]?.(operands, g);
  g.apply({ ...operands, op: "Identity", inputs: [value ?? null], attributes: {} }, node.outputs[0] ?? "");
}

/** A Gather of every place of an axis in order, which torch's exporter makes of `as_strided`: it moves nothing. */
function takesAllInOrder(g: GraphBuilder, node: GraphNode): boolean {
  if (node.op !== "Gather") return false;
  const operands = operandsOf(g, node);
  const [whole, places] = operands.inputs;
  if (!whole || !places || operands.constant(places) === undefined) return false;
  const axis = fromFront(attributeInt(operands, "axis", 0), whole.dims.length);
  const taken = integers(operands, 1);
  return taken.length === whole.dims[axis] && taken.every((place, i) => place === i);
}

function adoptInOrder(g: GraphBuilder, node: GraphNode): void {
  const operands = operandsOf(g, node);
  const [whole] = operands.inputs;
  const inputs = [whole ?? null, g.integers(outputShape(operands).dims)];
  g.apply({ ...operands, op: "Reshape", inputs, attributes: {} }, node.outputs[0] ?? "");
}

function operandsOf(g: GraphBuilder, { op, name, inputs, attributes }: GraphNode) {
  return g.operands(
    op,
    name,
    inputs.map((input) => (input === "" ? null : g.value(input))),
    attributes,
  );
}

function boundDims(port: Port, free: Readonly<Record<string, number>>): number[] {
  return port.dims.map((dim) => {
    const bound = typeof dim === "number" ? dim : free[dim];
    if (bound === undefined) throw new Error(`training: no number for dimension "${dim}" of "${port.name}"`);
    return bound;
  });
}
