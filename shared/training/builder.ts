import { elementType } from "../onnx/graph.ts";
import type { ElementType } from "../onnx/graph.ts";
import { GraphDraft } from "./draft.ts";
import type { Value } from "./shapes/operands.ts";

export type { Applied } from "./draft.ts";
export type { Attributes, Value } from "./shapes/operands.ts";

/** A graph that is being built, and arithmetic by name: what gradient rules, losses and optimisers are written in. */
export class GraphBuilder extends GraphDraft {
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

  #like(other: Value, operand: Value | number): Value {
    return typeof operand === "number" ? this.scalar(operand, other.type) : operand;
  }
}

function isMatrix(value: Value): boolean {
  return value.dims.length === 2;
}

function sameDims(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}
