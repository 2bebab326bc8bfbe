import { windowOf } from "../window.ts";
import { broadcast } from "./arithmetic.ts";
import { attributeInt, attributeInts, misfit, operand } from "./operands.ts";
import type { Operands, ShapeRule } from "./operands.ts";

const pooling: ShapeRule = (o) => {
  const { type, dims } = operand(o, 0);
  return {
    type,
    dims: [...dims.slice(0, 2), ...windowOf(o, dims, attributeInts(o, "kernel_shape") ?? []).output],
  };
};

/** What gives its second input's dimensions: a gradient by it. */
const likeAttribute =
  (name: string): ShapeRule =>
  (o) => {
    const dims = attributeInts(o, name);
    if (dims === null) throw misfit(o, `an attribute "${name}"`, "none");
    return { type: operand(o, 0).type, dims };
  };

/** Matrix products, convolutions, poolings, and the operators of our own that are the latter's gradients. */
export const productShapes: Readonly<Record<string, ShapeRule>> = {
  MatMul: (o) => {
    const a = operand(o, 0);
    const b = operand(o, 1);
    if (a.dims.length < 2 || b.dims.length < 2 || a.dims.at(-1) !== b.dims.at(-2))
      throw misfit(o, "matrices [m, k] and [k, n]", `[${a.dims.join()}] and [${b.dims.join()}]`);
    const stack = broadcast(o, a.dims.slice(0, -2), b.dims.slice(0, -2));
    return { type: a.type, dims: [...stack, ...a.dims.slice(-2, -1), ...b.dims.slice(-1)] };
  },
  Gemm: (o) => {
    const [m, k] = turned(o, 0, "transA");
    const [k2, n] = turned(o, 1, "transB");
    if (k !== k2) throw misfit(o, "matrices [m, k] and [k, n]", `k of ${k} and ${k2}`);
    return { type: operand(o, 0).type, dims: [m, n] };
  },
  Conv: (o) => {
    const [x, w] = [operand(o, 0), operand(o, 1)];
    const [filters = 0, depth = 0, ...kernel] = w.dims;
    const window = windowOf(o, x.dims, kernel);
    const group = attributeInt(o, "group", 1);
    if (x.dims[1] !== depth * group || filters % group !== 0)
      throw misfit(o, `maps of ${depth * group} channels`, `[${x.dims.join()}]`);
    return { type: x.type, dims: [x.dims[0] ?? 0, filters, ...window.output] };
  },
  ConvInputGradient: likeAttribute("input_shape"),
  ConvFilterGradient: likeAttribute("filter_shape"),
  AveragePool: pooling,
  MaxPool: pooling,
  AveragePoolGradient: likeAttribute("input_shape"),
  MaxPoolGradient: (o) => operand(o, 0),
};

function turned(o: Operands, position: number, flag: string): [number, number] {
  const [rows, columns] = operand(o, position).dims;
  if (rows === undefined || columns === undefined) throw misfit(o, "a matrix", "fewer dimensions");
  return o.attributes[flag] === 1 ? [columns, rows] : [rows, columns];
}
