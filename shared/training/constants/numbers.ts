import type { Tensor } from "../../onnx/graph.ts";
import type { Operands } from "../shapes/operands.ts";

/** Numbers and how they lie. */
export interface Numbers {
  readonly dims: readonly number[];
  readonly numbers: readonly number[];
}

/** What an operator makes of constants. */
export type ConstantRule = (inputs: readonly Numbers[], o: Operands) => Numbers;

export function given(numbers: Numbers | undefined): Numbers {
  if (numbers === undefined) throw new Error("training: a constant's node lacks an input");
  return numbers;
}

export function vector(numbers: readonly number[]): Numbers {
  return { dims: [numbers.length], numbers };
}

export function numbersOf({ dims, data }: Tensor): Numbers {
  return { dims, numbers: Array.from(data as ArrayLike<number | bigint>, Number) };
}

/** How far apart neighbours along each axis lie. */
export function stridesOf(dims: readonly number[]): number[] {
  return dims.map((_, axis) => dims.slice(axis + 1).reduce((product, dim) => product * dim, 1));
}

/** A tensor whose number at each place is that of `a` at another: `at` says which, place by place. */
export function picked(
  a: Numbers,
  dims: readonly number[],
  at: (place: readonly number[]) => readonly number[],
): Numbers {
  const [from, to] = [stridesOf(a.dims), stridesOf(dims)];
  const size = dims.reduce((product, dim) => product * dim, 1);
  const numbers = Array.from({ length: size }, (_, i) => {
    const place = dims.map((dim, axis) => Math.floor(i / (to[axis] ?? 1)) % dim);
    const flat = at(place).reduce((sum, position, axis) => sum + position * (from[axis] ?? 1), 0);
    return a.numbers[flat] ?? 0;
  });
  return { dims, numbers };
}
