import { elementType } from "../onnx/graph.ts";
import type { ElementType, Tensor, TensorData } from "../onnx/graph.ts";
import { constantArithmetic } from "./constants/arithmetic.ts";
import { constantMovement } from "./constants/movement.ts";
import { numbersOf, vector } from "./constants/numbers.ts";
import type { ConstantRule, Numbers } from "./constants/numbers.ts";
import { attributeInt, attributeIntOrNull, operand, sizeOf } from "./shapes/operands.ts";
import type { Operands } from "./shapes/operands.ts";

/** Larger tensors are data, no shapes; integers are always shapes or places. */
const largest = { floats: 64, integers: 2 ** 20 };

const rules: Readonly<Record<string, ConstantRule>> = {
  ...constantArithmetic,
  ...constantMovement,
};

/**
 * The value of a node that computes a shape, places or another small constant. Exporters write such arithmetic into graphs with a
 * free batch; once every dimension is a number, so is its result.
 *
 * @returns null where the node depends on data
 */
export function knownValue(o: Operands): Tensor | null {
  const { value } = o.attributes;
  if (o.op === "Constant") return typeof value === "object" && "dims" in value ? value : null;
  if (o.op === "Shape") return typed("int64", vector(shapeOf(o)));
  const rule = Object.hasOwn(rules, o.op) ? rules[o.op] : undefined;
  if (rule === undefined) return null;
  const inputs: Tensor[] = [];
  for (const input of o.inputs) {
    const constant = input === null ? undefined : o.constant(input);
    if (constant === undefined || isData(constant.type, constant.data.length)) return null;
    inputs.push(constant);
  }
  const type = typeOf(o, inputs);
  const result = rule(inputs.map(numbersOf), o);
  return isData(type, sizeOf(result.dims)) ? null : typed(type, result);
}

function isData(type: ElementType, size: number): boolean {
  return size > (isInteger(type) ? largest.integers : largest.floats);
}

/** Of what a Shape gives: all dimensions, or from opset 15 on those from `start` to `end`. */
function shapeOf(o: Operands): readonly number[] {
  return operand(o, 0).dims.slice(attributeInt(o, "start", 0), attributeIntOrNull(o, "end") ?? undefined);
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
