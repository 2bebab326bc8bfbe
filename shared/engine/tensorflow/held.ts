import type { Operations } from "./operations.ts";
import type { DeviceTensor } from "./tfjs.ts";

/** Axes in the order in which they lie in memory, the slowest first. */
export type Order = readonly number[];

/** Maps [n, c, h, w] as TensorFlow's kernels want them on the CPU: [n, h, w, c]. */
export const channelsLast: Order = [0, 2, 3, 1];

export function plainOrder(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => axis);
}

/**
 * A tensor of a graph in TensorFlow's memory. Its axes lie there in the order in which an operator left them; another order is
 * made where an operator asks for it, once. So maps stay [n, h, w, c] from convolution to convolution, filters as the kernels
 * want them from step to step, and transposing is but another name for the axes.
 */
export class Held {
  readonly dims: readonly number[];
  readonly #operations: Operations;
  readonly #laid = new Map<string, { readonly order: Order; readonly tensor: DeviceTensor }>();

  /** @param tensor becomes this one's: it is disposed of with it */
  constructor(operations: Operations, tensor: DeviceTensor, order: Order = plainOrder(tensor.shape.length)) {
    this.#operations = operations;
    const dims = new Array<number>(order.length);
    for (const [place, axis] of order.entries()) dims[axis] = tensor.shape[place] ?? 1;
    this.dims = dims;
    this.#lay(order, tensor);
  }

  get rank(): number {
    return this.dims.length;
  }

  /** Orders in which it lies in memory; the first is that in which it was made. */
  get orders(): readonly Order[] {
    return [...this.#laid.values()].map(({ order }) => order);
  }

  /** The order in which it was made. */
  get order(): Order {
    return this.#own.order;
  }

  /** In the order in which it was made. */
  get tensor(): DeviceTensor {
    return this.#own.tensor;
  }

  /** Its axes in their own order. */
  get plain(): DeviceTensor {
    return this.in(plainOrder(this.rank));
  }

  in(order: Order): DeviceTensor {
    const known = this.#laid.get(order.join());
    if (known !== undefined) return known.tensor;
    const near = [...this.#laid.values()].find((laid) => this.#movesNothing(laid.order, order));
    const from = near ?? this.#own;
    const shape = order.map((axis) => this.dims[axis] ?? 1);
    return this.#lay(
      order,
      near === undefined
        ? this.#operations.run("Transpose", [
            from.tensor,
            this.#operations.ints(order.map((axis) => from.order.indexOf(axis))),
          ])
        : this.#operations.reshape(from.tensor, shape),
    );
  }

  /** Elements that have to be moved to have it in this order. */
  cost(order: Order): number {
    const free = [...this.#laid.values()].some((laid) => this.#movesNothing(laid.order, order));
    return free ? 0 : this.dims.reduce((product, dim) => product * dim, 1);
  }

  /** The same numbers, axis i being this one's axis `axes[i]`: nothing moves. */
  transposed(axes: readonly number[]): Held {
    const { order, tensor } = this.#own;
    return new Held(
      this.#operations,
      tensor.clone(),
      order.map((axis) => axes.indexOf(axis)),
    );
  }

  /** The same numbers under a name of their own. */
  shared(): Held {
    return new Held(this.#operations, this.tensor.clone(), this.order);
  }

  dispose(): void {
    for (const { tensor } of this.#laid.values()) tensor.dispose();
    this.#laid.clear();
  }

  get #own() {
    const [own] = this.#laid.values();
    if (own === undefined) throw new Error("engine: a tensor was asked for after its end");
    return own;
  }

  #lay(order: Order, tensor: DeviceTensor): DeviceTensor {
    this.#laid.set(order.join(), { order, tensor: this.#operations.keep(tensor) });
    return tensor;
  }

  /** Whether two orders differ only in where axes of length 1 stand. */
  #movesNothing(one: Order, other: Order): boolean {
    const long = (order: Order) => order.filter((axis) => this.dims[axis] !== 1).join();
    return long(one) === long(other);
  }
}
