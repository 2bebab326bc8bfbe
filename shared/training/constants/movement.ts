import { outputShape } from "../shapes.ts";
import { permutationOf, sliceOf } from "../shapes/movement.ts";
import { attributeInt, fromFront } from "../shapes/operands.ts";
import { repeated } from "./arithmetic.ts";
import { given, picked, stridesOf } from "./numbers.ts";
import type { ConstantRule } from "./numbers.ts";

const unmoved: ConstantRule = ([a], o) => ({ dims: outputShape(o).dims, numbers: given(a).numbers });

/** Constants moved, repeated and picked out. */
export const constantMovement: Readonly<Record<string, ConstantRule>> = {
  Identity: ([a]) => given(a),
  Cast: ([a]) => given(a),
  Reshape: unmoved,
  Flatten: unmoved,
  Squeeze: unmoved,
  Unsqueeze: unmoved,
  Expand: ([a], o) => repeated(given(a), outputShape(o).dims),
  Transpose: ([a], o) => {
    const order = permutationOf(o.attributes, given(a).dims.length);
    return picked(given(a), outputShape(o).dims, (place) =>
      order.map((_, axis) => place[order.indexOf(axis)] ?? 0),
    );
  },
  Slice: ([a], o) => {
    const taken = sliceOf(o);
    return picked(
      given(a),
      taken.map(({ count }) => count),
      (place) => taken.map(({ start, step }, axis) => start + (place[axis] ?? 0) * step),
    );
  },
  Gather: ([a, places], o) => {
    const { dims } = given(a);
    const at = given(places);
    const axis = fromFront(attributeInt(o, "axis", 0), dims.length);
    const behind = axis + at.dims.length;
    const strides = stridesOf(at.dims);
    return picked(given(a), outputShape(o).dims, (place) => {
      const which = place
        .slice(axis, behind)
        .reduce((sum, position, i) => sum + position * (strides[i] ?? 1), 0);
      const chosen = fromFront(at.numbers[which] ?? 0, dims[axis] ?? 1);
      return [...place.slice(0, axis), chosen, ...place.slice(behind)];
    });
  },
  Concat: (inputs, o) => {
    const { dims } = outputShape(o);
    const axis = fromFront(attributeInt(o, "axis", 0), dims.length);
    const inner = dims.slice(axis + 1).reduce((product, dim) => product * dim, 1);
    const rows = dims.slice(0, axis).reduce((product, dim) => product * dim, 1);
    const numbers = Array.from({ length: rows }, (_, row) =>
      inputs.flatMap((input) => {
        const length = (input.dims[axis] ?? 0) * inner;
        return input.numbers.slice(row * length, (row + 1) * length);
      }),
    ).flat();
    return { dims, numbers };
  },
};
