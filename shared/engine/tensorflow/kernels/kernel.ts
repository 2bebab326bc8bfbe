import type { Applied } from "../../../training/builder.ts";
import { Held, plainOrder } from "../held.ts";
import type { Order } from "../held.ts";
import type { Operations } from "../operations.ts";
import type { DeviceTensor } from "../tfjs.ts";

/** A node's input by its position. */
type Inputs = (position: number) => Held;

/** How TensorFlow computes a node whose dimensions are all known. */
export type Kernel = (x: Inputs, node: Applied, tf: Operations) => Held;

export type Kernels = Readonly<Record<string, Kernel>>;

/** A function of each number by itself, in whichever order they lie. */
export function each(of: (x: DeviceTensor, tf: Operations, node: Applied) => DeviceTensor): Kernel {
  return (x, node, tf) => new Held(tf, of(x(0).tensor, tf, node), x(0).order);
}

/** An operator on tensors that broadcast to each other, in the order in which the least has to be moved. */
export function broadcasting(operator: string): Kernel {
  return (x, node, tf) => {
    const { length: rank } = node.output.dims;
    const operands = node.inputs.map((_, position) => x(position));
    const order = cheapestOrder(operands, rank);
    const tensors = operands.map((operand) => broadcastable(operand, order, tf));
    const [first, second, ...others] = tensors;
    if (first === undefined) throw new Error(`engine: "${node.node}" has no inputs`);
    if (second === undefined) return x(0).shared();
    // Max and Min take any number: two at a time. SelectV2 takes its three together.
    if (operator === "SelectV2") return new Held(tf, tf.run(operator, tensors), order);
    const rest = [second, ...others];
    return new Held(
      tf,
      rest.reduce((a, b) => tf.run(operator, [a, b]), first),
      order,
    );
  };
}

/** Of the orders in which tensors of this rank lie, the one in which having them all moves the fewest numbers. */
export function cheapestOrder(operands: readonly Held[], rank: number): Order {
  const whole = operands.filter((operand) => operand.rank === rank);
  const cost = (order: Order) => whole.reduce((sum, operand) => sum + operand.cost(order), 0);
  const orders = [plainOrder(rank), ...whole.flatMap((operand) => operand.orders)];
  return orders.reduce((best, order) => (cost(order) < cost(best) ? order : best));
}

/** A tensor as it broadcasts to one whose axes lie in this order. */
export function broadcastable(operand: Held, order: Order, tf: Operations): DeviceTensor {
  if (operand.rank === order.length) return operand.in(order);
  if (operand.rank === 0) return operand.plain;
  const dims = [...new Array<number>(order.length - operand.rank).fill(1), ...operand.dims];
  const lifted = new Held(tf, tf.reshape(operand.plain, dims));
  return passing(lifted, order);
}

/** A tensor in an order, its holder given up: it goes with the scope. */
function passing(held: Held, order: Order): DeviceTensor {
  const tensor = held.in(order).clone();
  held.dispose();
  return tensor;
}
