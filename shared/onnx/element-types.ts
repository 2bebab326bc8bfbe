import { elementType, type Attribute, type ElementType, type Graph, type GraphNode } from "./graph.ts";

const typeNames = new Map<unknown, ElementType>(
  Object.entries(elementType).map(([name, number]) => [number, name as ElementType]),
);

/** Operators whose output has a type of its own: ONNX's Operators.md. */
const fixed: Readonly<Record<string, ElementType>> = {
  ...{ Shape: "int64", Size: "int64", ArgMax: "int64", ArgMin: "int64", NonZero: "int64" },
  ...{ Equal: "bool", Greater: "bool", GreaterOrEqual: "bool", Less: "bool", LessOrEqual: "bool" },
  ...{ And: "bool", Or: "bool", Not: "bool", Xor: "bool", IsNaN: "bool", IsInf: "bool" },
};

/** The element type of every tensor of a graph; a node's output has its data input's, unless its operator says otherwise. */
export function elementTypes(graph: Graph): Map<string, ElementType> {
  const types = new Map<string, ElementType>();
  for (const { name, type } of graph.inputs) types.set(name, type);
  for (const [name, { type }] of graph.initializers) types.set(name, type);
  for (const node of graph.nodes)
    for (const output of node.outputs) types.set(output, typeOfOutput(node, types));
  return types;
}

function typeOfOutput(node: GraphNode, types: ReadonlyMap<string, ElementType>): ElementType {
  const own = Object.hasOwn(fixed, node.op) ? fixed[node.op] : undefined;
  if (own !== undefined) return own;
  if (node.op === "Cast") return typeNames.get(node.attributes["to"]) ?? "float32";
  if (node.op === "Constant" || node.op === "ConstantOfShape") return typeOfConstant(node.attributes);
  const data = node.inputs[node.op === "Where" ? 1 : 0] ?? "";
  return types.get(data) ?? "float32";
}

function typeOfConstant(attributes: Readonly<Record<string, Attribute>>): ElementType {
  const value = attributes["value"];
  if (typeof value === "object" && "dims" in value) return value.type;
  return "value_int" in attributes || "value_ints" in attributes ? "int64" : "float32";
}
