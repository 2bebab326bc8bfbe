import { elementType } from "../onnx/graph.ts";
import type { ElementType, Tensor, TensorData } from "../onnx/graph.ts";
import { attributeInt, fromFront, integers, operand, sizeOf } from "./shapes/operands.ts";
import type { Operands } from "./shapes/operands.ts";
import { sliceOf } from "./shapes/movement.ts";

/** Larger tensors are data, no shapes. */
const largest = 64;

/** Numbers and how they lie. */
interface Numbers {
  readonly dims: readonly number[];
  readonly numbers: readonly number[];
}

/**
 * The value of a node that computes a shape or another small constant. Exporters write such arithmetic into graphs with a free
 * batch; once every dimension is a number, so is its result.
 *
 * @returns null where the node depends on data
 */
export function knownValue(o: Operands): Tensor | null {
  const { value } = o.attributes;
  if (o.op === "Constant") return typeof value === "object" && "dims" in value ? value : null;
  if (o.op === "Shape") return typed("int64", vector(operand(o, 0).dims));
  const rule = Object.hasOwn(arithmetic, o.op) ? arithmetic[o.op] : undefined;
  if (rule === undefined) return null;
  const inputs: Tensor[] = [];
  for (const input of o.inputs) {
    const constant = input === null ? undefined : o.constant(input);
    if (constant === undefined || constant.data.length > largest) return null;
    inputs.push(constant);
  }
  const result = rule(inputs.map(numbersOf), o);
  return sizeOf(result.dims) > largest ? null : typed(typeOf(o, inputs), result);
}

type Rule = (inputs: readonly Numbers[], o: Operands) => Numbers;

const arithmetic: Readonly<Record<string, Rule>> = {
  Identity: ([a]) => given(a),
  Cast: ([a]) => given(a),
  Sqrt: ([a]) => ({ ...given(a), numbers: given(a).numbers.map(Math.sqrt) }),
  Add: byElement((a, b) => a + b),
  Sub: byElement((a, b) => a - b),
  Mul: byElement((a, b) => a * b),
  Div: (inputs, o) =>
    byElement((a, b) => (isInteger(operand(o, 0).type) ? Math.trunc(a / b) : a / b))(inputs, o),
  Pow: byElement((a, b) => a ** b),
  Equal: byElement((a, b) => Number(a === b)),
  Where: ([condition, a, b], o) => {
    const chosen = byElement((yes, one) => (yes ? one : 0))([given(condition), given(a)], o);
    const other = byElement((yes, one) => (yes ? 0 : one))([given(condition), given(b)], o);
    return byElement((one, two) => one + two)([chosen, other], o);
  },
  ConstantOfShape: ([shape], o) => {
    const { value } = o.attributes;
    const filling = typeof value === "object" && "dims" in value ? Number(value.data[0]) : 0;
    const dims = given(shape).numbers;
    return { dims, numbers: new Array<number>(sizeOf(dims)).fill(filling) };
  },
  Concat: (inputs) => vector(inputs.flatMap(({ numbers }) => numbers)),
  Gather: ([a, places]) => {
    const { numbers } = given(a);
    const { dims, numbers: at } = given(places);
    return { dims, numbers: at.map((place) => numbers[fromFront(place, numbers.length)] ?? 0) };
  },
  Slice: ([a], o) => {
    const [{ start, count, step } = { start: 0, count: 0, step: 1 }] = sliceOf(o);
    return vector(Array.from({ length: count }, (_, i) => given(a).numbers[start + i * step] ?? 0));
  },
  Squeeze: ([a]) => ({ ...given(a), dims: given(a).dims.filter((dim) => dim !== 1) }),
  Unsqueeze: ([a]) => vector(given(a).numbers),
  Reshape: ([a], o) => {
    const asked = integers(o, 1);
    const known = asked.reduce((product, dim) => (dim === -1 ? product : product * dim), 1);
    const { numbers } = given(a);
    return { dims: asked.map((dim) => (dim === -1 ? numbers.length / known : dim)), numbers };
  },
};

function byElement(of: (a: number, b: number) => number): Rule {
  return ([first, second]) => {
    const [a, b] = [given(first), given(second)];
    const longer = a.numbers.length >= b.numbers.length ? a : b;
    const at = ({ numbers }: Numbers, i: number) => numbers[numbers.length === 1 ? 0 : i] ?? 0;
    return { dims: longer.dims, numbers: longer.numbers.map((_, i) => of(at(a, i), at(b, i))) };
  };
}

function given(numbers: Numbers | undefined): Numbers {
  if (numbers === undefined) throw new Error("training: a constant's node lacks an input");
  return numbers;
}

function vector(numbers: readonly number[]): Numbers {
  return { dims: [numbers.length], numbers };
}

function numbersOf({ dims, data }: Tensor): Numbers {
  return { dims, numbers: Array.from(data as ArrayLike<number | bigint>, Number) };
}

function typeOf(o: Operands, inputs: readonly Tensor[]): ElementType {
  if (o.op === "Equal") return "bool";
  if (o.op === "ConstantOfShape") {
    const { value } = o.attributes;
    return typeof value === "object" && "dims" in value ? value.type : "float32";
  }
  if (o.op === "Cast") {
    const to = attributeInt(o, "to", 1);
    const found = Object.entries(elementType).find(([, number]) => number === to);
    return (found?.[0] ?? "float32") as ElementType;
  }
  return inputs[o.op === "Where" ? 1 : 0]?.type ?? "int64";
}

function isInteger(type: ElementType): boolean {
  return type !== "float32" && type !== "float64";
}

function typed(type: ElementType, { dims, numbers }: Numbers): Tensor {
  return { type, dims, data: dataOf(type, numbers) };
}

function dataOf(type: ElementType, numbers: readonly number[]): TensorData {
  switch (type) {
    case "float32":
      return Float32Array.from(numbers);
    case "float64":
      return Float64Array.from(numbers);
    case "int64":
      return BigInt64Array.from(numbers, (number) => BigInt(Math.trunc(number)));
    case "int32":
      return Int32Array.from(numbers);
    case "int8":
      return Int8Array.from(numbers);
    case "uint8":
    case "bool":
      return Uint8Array.from(numbers);
  }
}
