import type { ElementType, Graph, GraphNode, Tensor } from "../onnx/graph.ts";
import { outputShape } from "./shapes.ts";
import type { Attributes, Operands, Value } from "./shapes/operands.ts";

/** A node as gradient rules see it: the values that it takes and the one that it gives. */
export interface Applied extends Operands {
  readonly output: Value;
}

/**
 * A graph that is being built: its inputs, constants and nodes, every value's type and dimensions known. Names are given in order,
 * so that the same calls make the same graph.
 */
export class GraphDraft {
  readonly opset: number;
  readonly #inputs: Value[] = [];
  readonly #values = new Map<string, Value>();
  readonly #initializers = new Map<string, Tensor>();
  readonly #applied: Applied[] = [];
  readonly #constants = new Map<string, Value>();
  readonly #reserved = new Set<string>();

  constructor(opset: number) {
    this.opset = opset;
  }

  get inputs(): readonly Value[] {
    return this.#inputs;
  }

  get initializers(): ReadonlyMap<string, Tensor> {
    return this.#initializers;
  }

  /** The nodes so far, in topological order. */
  get nodes(): readonly Applied[] {
    return this.#applied;
  }

  input(name: string, type: ElementType, dims: readonly number[]): Value {
    const value = this.#declare({ name, type, dims });
    this.#inputs.push(value);
    return value;
  }

  initializer(name: string, tensor: Tensor): Value {
    this.#initializers.set(name, tensor);
    return this.#declare({ name, type: tensor.type, dims: tensor.dims });
  }

  /** Names that later values will have: none that the builder makes up is one of them. */
  reserve(names: Iterable<string>): void {
    for (const name of names) this.#reserved.add(name);
  }

  value(name: string): Value {
    const value = this.#values.get(name);
    if (value === undefined) throw new Error(`training: no value "${name}" in the graph`);
    return value;
  }

  node(op: string, inputs: readonly (Value | null)[], attributes: Attributes = {}): Value {
    const name = this.#unused(op);
    return this.apply(this.operands(op, name, inputs, attributes), name);
  }

  /** A node under a name of its own. */
  apply(operands: Operands, output: string): Value {
    const value = this.#declare({ ...outputShape(operands), name: output });
    this.#applied.push({ ...operands, output: value });
    return value;
  }

  operands(op: string, node: string, inputs: readonly (Value | null)[], attributes: Attributes): Operands {
    return { op, node, inputs, attributes, constant: (value) => this.#initializers.get(value.name) };
  }

  scalar(number: number, type: ElementType): Value {
    return this.floats(`${number}`, type, [], () => [number]);
  }

  /** A constant tensor of floats; `identity` tells it from others of its type, so that the same one is made once. */
  floats(
    identity: string,
    type: ElementType,
    dims: readonly number[],
    numbers: () => ArrayLike<number>,
  ): Value {
    return this.#constant(`${type} ${identity}`, () => ({
      type,
      dims,
      data: type === "float64" ? Float64Array.from(numbers()) : Float32Array.from(numbers()),
    }));
  }

  integers(list: readonly number[]): Value {
    return this.#constant(`int64 ${list.join()}`, () => ({
      type: "int64",
      dims: [list.length],
      data: BigInt64Array.from(list, BigInt),
    }));
  }

  /**
   * The finished graph: what the named outputs need, and no more.
   *
   * @param outputs a name for each value that the graph gives
   */
  graph(
    outputs: readonly (readonly [string, Value])[],
    metadata: Readonly<Record<string, string>> = {},
  ): Graph {
    // A value that a node makes takes the output's name; inputs and values with several names are copied.
    const names = new Map<string, string>();
    const named = outputs.map(([name, value]) => {
      if (this.#values.has(name)) throw new Error(`training: two values named "${name}" in one graph`);
      const made = !names.has(value.name) && this.#applied.some(({ output }) => output === value);
      if (!made) return this.apply(this.operands("Identity", name, [value], {}), name);
      names.set(value.name, name);
      return value;
    });
    const needed = new Set(named.map((value) => value.name));
    const kept: Applied[] = [];
    for (const node of this.#applied.toReversed()) {
      if (!needed.has(node.output.name)) continue;
      kept.push(node);
      for (const input of node.inputs) if (input !== null) needed.add(input.name);
    }
    const nameOf = ({ name }: Value) => names.get(name) ?? name;
    return {
      opset: this.opset,
      inputs: this.#inputs,
      outputs: named.map((value) => ({ ...value, name: nameOf(value) })),
      nodes: kept.reverse().map((node) => graphNode(node, nameOf)),
      initializers: new Map([...this.#initializers].filter(([name]) => needed.has(name))),
      metadata,
    };
  }

  #declare({ name, type, dims }: Value): Value {
    if (this.#values.has(name)) throw new Error(`training: two values named "${name}" in one graph`);
    const value = { name, type, dims };
    this.#values.set(name, value);
    return value;
  }

  #constant(identity: string, tensor: () => Tensor): Value {
    const known = this.#constants.get(identity);
    if (known !== undefined) return known;
    const value = this.initializer(this.#unused("constant"), tensor());
    this.#constants.set(identity, value);
    return value;
  }

  #unused(stem: string): string {
    let number = this.#values.size;
    while (this.#values.has(`${stem}.${number}`) || this.#reserved.has(`${stem}.${number}`)) number++;
    return `${stem}.${number}`;
  }
}

function graphNode(
  { op, node, inputs, output, attributes }: Applied,
  nameOf: (of: Value) => string,
): GraphNode {
  return {
    op,
    name: node,
    inputs: inputs.map((input) => (input === null ? "" : nameOf(input))),
    outputs: [nameOf(output)],
    attributes,
  };
}
