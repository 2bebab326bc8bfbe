import { broadcast } from "../shapes/arithmetic.ts";
import { operand, sizeOf } from "../shapes/operands.ts";
import { given, picked, vector } from "./numbers.ts";
import type { ConstantRule, Numbers } from "./numbers.ts";

/** Sums, products and comparisons of constants, and constants out of nothing. */
export const constantArithmetic: Readonly<Record<string, ConstantRule>> = {
  Sqrt: oneByOne(Math.sqrt),
  Neg: oneByOne((a) => -a),
  Floor: oneByOne(Math.floor),
  Add: twoByTwo((a, b) => a + b),
  Sub: twoByTwo((a, b) => a - b),
  Mul: twoByTwo((a, b) => a * b),
  Div: (inputs, o) => twoByTwo((a, b) => (isInteger(operand(o, 0)) ? Math.trunc(a / b) : a / b))(inputs, o),
  // The remainder has the divisor's sign, or with fmod the dividend's.
  Mod: (inputs, o) =>
    twoByTwo((a, b) => (o.attributes["fmod"] === 1 ? a % b : a - b * Math.floor(a / b)))(inputs, o),
  Pow: twoByTwo((a, b) => a ** b),
  Equal: twoByTwo((a, b) => Number(a === b)),
  Where: ([condition, a, b], o) => {
    const chosen = twoByTwo((yes, one) => (yes ? one : 0))([given(condition), given(a)], o);
    const other = twoByTwo((yes, one) => (yes ? 0 : one))([given(condition), given(b)], o);
    return twoByTwo((one, two) => one + two)([chosen, other], o);
  },
  ConstantOfShape: ([shape], o) => {
    const { value } = o.attributes;
    const filling = typeof value === "object" && "dims" in value ? Number(value.data[0]) : 0;
    const dims = given(shape).numbers;
    return { dims, numbers: new Array<number>(sizeOf(dims)).fill(filling) };
  },
  Range: (inputs) => {
    const [start = 0, limit = 0, delta = 1] = inputs.map(({ numbers }) => numbers[0] ?? 0);
    const length = Math.max(0, Math.ceil((limit - start) / delta));
    return vector(Array.from({ length }, (_, i) => start + i * delta));
  },
};

function oneByOne(of: (a: number) => number): ConstantRule {
  return ([a]) => ({ ...given(a), numbers: given(a).numbers.map(of) });
}

function twoByTwo(of: (a: number, b: number) => number): ConstantRule {
  return ([first, second], o) => {
    const dims = broadcast(o, given(first).dims, given(second).dims);
    const [a, b] = [repeated(given(first), dims), repeated(given(second), dims)];
    return { dims, numbers: a.numbers.map((number, i) => of(number, b.numbers[i] ?? 0)) };
  };
}

/** A tensor as one of dimensions to which it broadcasts. */
export function repeated(a: Numbers, dims: readonly number[]): Numbers {
  const added = dims.length - a.dims.length;
  return picked(a, dims, (place) => a.dims.map((dim, axis) => (dim === 1 ? 0 : (place[axis + added] ?? 0))));
}

function isInteger({ type }: ReturnType<typeof operand>): boolean {
  return type !== "float32" && type !== "float64";
}
