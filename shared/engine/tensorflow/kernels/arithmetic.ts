import { attributeInt } from "../../../training/shapes/operands.ts";
import { reducedAxes } from "../../../training/shapes/arithmetic.ts";
import { Held } from "../held.ts";
import { broadcasting, each, type Kernel, type Kernels } from "./kernel.ts";

const one = (operator: string) => each((x, tf) => tf.run(operator, [x]));

/** Sums, products, powers, comparisons, choices, and sums over axes. */
export const arithmeticKernels: Kernels = {
  Add: broadcasting("AddV2"),
  Sub: broadcasting("Sub"),
  Mul: broadcasting("Mul"),
  Div: broadcasting("RealDiv"),
  Pow: broadcasting("Pow"),
  And: broadcasting("LogicalAnd"),
  Greater: broadcasting("Greater"),
  Less: broadcasting("Less"),
  Equal: broadcasting("Equal"),
  Where: broadcasting("SelectV2"),
  Max: broadcasting("Maximum"),
  Min: broadcasting("Minimum"),
  Abs: one("Abs"),
  Neg: one("Neg"),
  Exp: one("Exp"),
  Log: one("Log"),
  Sqrt: one("Sqrt"),
  Reciprocal: one("Reciprocal"),
  Identity: (x) => x(0).shared(),
  Cast: (x, _, tf) => {
    const { tensor, order } = x(0);
    return tensor.dtype === "float32"
      ? x(0).shared()
      : new Held(tf, tf.run("Cast", [tensor], { DstT: { type: "float32" } }), order);
  },
  ReduceSum: reduction("Sum"),
  ReduceMean: reduction("Mean"),
  ReduceMax: reduction("Max"),
};

/** Over axes, wherever they lie. */
function reduction(operator: "Sum" | "Mean" | "Max"): Kernel {
  return (x, node, tf) => {
    const [a, axes] = [x(0), reducedAxes(node)];
    const keep = attributeInt(node, "keepdims", 1) === 1;
    const places = axes.map((axis) => a.order.indexOf(axis));
    const reduced = tf.run(operator, [a.tensor, tf.ints(places)], { keep_dims: keep });
    if (keep) return new Held(tf, reduced, a.order);
    const left = a.order.filter((axis) => !axes.includes(axis));
    const usual = [...left].sort((p, q) => p - q);
    return new Held(
      tf,
      reduced,
      left.map((axis) => usual.indexOf(axis)),
    );
  };
}
