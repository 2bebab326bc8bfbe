import { arithmeticShapes } from "./shapes/arithmetic.ts";
import { movementShapes } from "./shapes/movement.ts";
import { misfit } from "./shapes/operands.ts";
import type { Operands, ShapeRule, Value } from "./shapes/operands.ts";
import { productShapes } from "./shapes/products.ts";

const shapeRules: Readonly<Record<string, ShapeRule>> = {
  ...arithmeticShapes,
  ...movementShapes,
  ...productShapes,
};

/**
 * The type and dimensions of a node's output, by ONNX's operator definitions (opset 13 and later).
 *
 * @throws PipelineError `engine` naming the node, for an operator that is not in the table or dimensions that do not fit
 */
export function outputShape(operands: Operands): Pick<Value, "type" | "dims"> {
  const rule = Object.hasOwn(shapeRules, operands.op) ? shapeRules[operands.op] : undefined;
  if (rule === undefined) throw misfit(operands, "an operator whose shapes are known", operands.op);
  return rule(operands);
}
