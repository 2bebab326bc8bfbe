import type { Graph, GraphNode } from "../onnx/graph.ts";

/** Names of modules from the outermost inwards, as in a state dict: "features.3.0.block" is ["features", "3", "0", "block"]. */
export type ModulePath = readonly string[];

/**
 * The module that a node belongs to, where its name or its weights' tell. torch's older exporter writes
 * "/features/features.3/features.3.0/Conv" (a module's name repeats those of the lists it is in), the newer one keeps the
 * parameters' names only, "features.3.0.weight".
 *
 * @returns null where nothing tells
 */
export function modulePathOf(graph: Graph, { name, inputs }: GraphNode): ModulePath | null {
  if (name.includes("/")) return ofScopes(name.split("/").filter((part) => part !== ""));
  const parameter = inputs.find((input) => graph.initializers.has(input) && isParameterName(input));
  if (parameter !== undefined) return parameter.split(".").slice(0, -1);
  return name.includes(".") ? name.split(".").slice(0, -1) : null;
}

/** What two and more paths begin with. */
export function commonPath(paths: readonly ModulePath[]): ModulePath {
  const [first = [], ...others] = paths;
  const length = first.findIndex((part, i) => others.some((other) => other[i] !== part));
  return length === -1 ? first : first.slice(0, length);
}

/** @param scopes the last of which names the operator */
function ofScopes(scopes: readonly string[]): ModulePath {
  const names: string[] = [];
  for (const scope of scopes.slice(0, -1)) {
    const outer = names.at(-1);
    if (outer !== undefined && scope.startsWith(`${outer}.`)) names.pop();
    names.push(scope);
  }
  return names
    .join(".")
    .split(".")
    .filter((part) => part !== "");
}

/** Not what an exporter calls a constant of its own: "onnx::Conv_189", "/blocks/blocks.0/Constant_output_0". */
function isParameterName(name: string): boolean {
  return name.includes(".") && !/[/:]/.test(name);
}
