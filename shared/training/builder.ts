import { elementType } from "../onnx/graph.ts";
import type { ElementType, Graph, GraphNode, Tensor } from "../onnx/graph.ts";
import { outputShape } from "./shapes.ts";
import type { Attributes, Operands, Value } from "./shapes/operands.ts";

export type { Attributes, Value } from "./shapes/operands.ts";

/** A node as gradient rules see it: the values that it takes and the one that it gives. */
export interface Applied extends Operands {
  readonly output: Value;
}

/**
 * Builds an ONNX graph node by node, every value's type and dimensions known. Names are given in order, so the same
 * calls make the same graph.
 */
export class GraphBuilder {
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

  add(a: Value, b: Value | number): Value {
    return this.node("Add", [a, this.#like(a, b)]);
  }

  sub(a: Value | number, b: Value): Value {
    return this.node("Sub", [this.#like(b, a), b]);
  }

  mul(a: Value, b: Value | number): Value {
    return this.node("Mul", [a, this.#like(a, b)]);
  }

  div(a: Value, b: Value | number): Value {
    return this.node("Div", [a, this.#like(a, b)]);
  }

  pow(a: number, b: Value): Value {
    return this.node("Pow", [this.#like(b, a), b]);
  }

  neg(a: Value): Value {
    return this.node("Neg", [a]);
  }

  exp(a: Value): Value {
    return this.node("Exp", [a]);
  }

  sqrt(a: Value): Value {
    return this.node("Sqrt", [a]);
  }

  /** 1 where a > b, else 0, in a's type: a product with it is much faster in onnxruntime than Where. */
  above(a: Value, b: Value | number): Value {
    return this.cast(this.node("Greater", [a, this.#like(a, b)]), a.type);
  }

  /** 1 where a < b, else 0, in a's type */
  below(a: Value, b: Value | number): Value {
    return this.cast(this.node("Less", [a, this.#like(a, b)]), a.type);
  }

  /** 1 where low < a < high, else 0, in a's type */
  between(a: Value, low: Value | number, high: Value | number): Value {
    const inside = this.node("And", [
      this.node("Greater", [a, this.#like(a, low)]),
      this.node("Less", [a, this.#like(a, high)]),
    ]);
    return this.cast(inside, a.type);
  }

  cast(a: Value, type: ElementType): Value {
    return this.node("Cast", [a], { to: elementType[type] });
  }

  /** a · b, over stacks of matrices too */
  matMul(a: Value, b: Value): Value {
    return this.node("MatMul", [a, b]);
  }

  /** aᵀ · b, in the last two axes; for matrices one Gemm, which transposes nothing in memory */
  matMulTransposedLeft(a: Value, b: Value): Value {
    return isMatrix(a) && isMatrix(b)
      ? this.node("Gemm", [a, b], { transA: 1 })
      : this.matMul(this.transposed(a), b);
  }

  /** a · bᵀ, in the last two axes */
  matMulTransposedRight(a: Value, b: Value): Value {
    return isMatrix(a) && isMatrix(b)
      ? this.node("Gemm", [a, b], { transB: 1 })
      : this.matMul(a, this.transposed(b));
  }

  /** The last two axes exchanged. */
  transposed(a: Value): Value {
    const order = a.dims.map((_, axis) => axis);
    const last = order.splice(-1);
    return this.node("Transpose", [a], { perm: [...order.slice(0, -1), ...last, ...order.slice(-1)] });
  }

  /** Sums over axes; they stay, of length 1. */
  sumOver(a: Value, axes: readonly number[]): Value {
    return this.node("ReduceSum", [a, this.integers(axes)], { keepdims: 1 });
  }

  /** Means over axes; they stay, of length 1. */
  mean(a: Value, axes: readonly number[]): Value {
    const count = axes.reduce((product, axis) => product * (a.dims[axis] ?? 1), 1);
    return this.mul(this.sumOver(a, axes), 1 / count);
  }

  /** The largest numbers over axes, which stay, of length 1. */
  largest(a: Value, axes: readonly number[]): Value {
    // The axes are an input from operator set 18 on.
    return this.opset < 18
      ? this.node("ReduceMax", [a], { axes, keepdims: 1 })
      : this.node("ReduceMax", [a, this.integers(axes)], { keepdims: 1 });
  }

  sum(a: Value): Value {
    return this.node("ReduceSum", [a], { keepdims: 0 });
  }

  reshape(a: Value, dims: readonly number[]): Value {
    return sameDims(a.dims, dims) ? a : this.node("Reshape", [a, this.integers(dims)]);
  }

  expand(a: Value, dims: readonly number[]): Value {
    return sameDims(a.dims, dims) ? a : this.node("Expand", [a, this.integers(dims)]);
  }

  /** Undoes broadcasting: sums over the axes along which a tensor of `dims` was repeated. */
  sumTo(a: Value, dims: readonly number[]): Value {
    const added = a.dims.length - dims.length;
    const repeated = a.dims.flatMap((dim, axis) =>
      dim !== (dims[axis - added] ?? 1) || axis < added ? [axis] : [],
    );
    return repeated.length === 0 ? a : this.reshape(this.sumOver(a, repeated), dims);
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

  #like(other: Value, operand: Value | number): Value {
    return typeof operand === "number" ? this.scalar(operand, other.type) : operand;
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

function isMatrix(value: Value): boolean {
  return value.dims.length === 2;
}

function sameDims(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}
