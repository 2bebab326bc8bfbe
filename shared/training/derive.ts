import { PipelineError } from "../errors.ts";
import type { Applied, GraphBuilder, Value } from "./builder.ts";
import { gradientRules } from "./gradients.ts";
import type { Differentiated } from "./gradients/rule.ts";

/**
 * Adds to a graph the gradients of a scalar by some of its values: reverse-mode differentiation, one rule a node, from the
 * loss back to the sources. What does not lie between them is not walked.
 *
 * @returns the gradients, in the order of the sources, each with its source's dimensions
 * @throws PipelineError `engine` naming a node on the way whose operator has no rule, before any graph is run
 */
export function gradientsOf(g: GraphBuilder, loss: Value, sources: readonly Value[]): Value[] {
  const gradients = new Map([[loss.name, g.scalar(1, loss.type)]]);
  const varying = dependents(g.nodes, sources);
  for (const node of g.nodes.filter((n) => varying.has(n.output.name)).reverse()) {
    const dy = gradients.get(node.output.name);
    if (dy === undefined) continue;
    const passed = ruleOf(node)(differentiated(node), dy, g);
    for (const [position, input] of node.inputs.entries()) {
      const gradient = passed[position];
      if (!input || !gradient || !varying.has(input.name)) continue;
      const sum = gradients.get(input.name);
      gradients.set(input.name, sum === undefined ? gradient : g.add(sum, gradient));
    }
  }
  return sources.map((source) => {
    const gradient = gradients.get(source.name);
    if (gradient !== undefined) return gradient;
    throw new PipelineError(
      "engine",
      `training: expected a loss that depends on "${source.name}" but it does not`,
    );
  });
}

/** Names of the values that change when a source does, the sources among them. */
function dependents(nodes: readonly Applied[], sources: readonly Value[]): Set<string> {
  const names = new Set(sources.map((source) => source.name));
  for (const node of nodes)
    if (node.inputs.some((input) => input !== null && names.has(input.name))) names.add(node.output.name);
  return names;
}

function ruleOf(node: Applied) {
  const rule = Object.hasOwn(gradientRules, node.op) ? gradientRules[node.op] : undefined;
  if (rule !== undefined) return rule;
  throw new PipelineError(
    "engine",
    `training: expected an operator with a gradient rule for "${node.node}" but got ${node.op}`,
  );
}

function differentiated(node: Applied): Differentiated {
  const input = (position: number): Value => {
    const value = node.inputs[position];
    if (value) return value;
    throw new PipelineError(
      "engine",
      `training: expected an input at position ${position} of "${node.node}" (${node.op})`,
    );
  };
  return {
    get a() {
      return input(0);
    },
    get b() {
      return input(1);
    },
    get c() {
      return input(2);
    },
    y: node.output,
    node,
  };
}
