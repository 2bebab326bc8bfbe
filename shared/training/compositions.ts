import type { GraphBuilder, Value } from "./builder.ts";
import { resized } from "./resize.ts";
import { attributeFloat, attributeInt, operand } from "./shapes/operands.ts";
import type { Operands } from "./shapes/operands.ts";

/** An operator as an expression of others. */
type Composition = (o: Operands, g: GraphBuilder) => Value;

/** Operators that become others when a graph is taken over, so that they need no rules of their own. */
export const compositions: Readonly<Record<string, Composition>> = {
  // In inference nothing is dropped.
  Dropout: (o) => operand(o, 0),
  // y = a tanh(ln(1 + eᵃ)) (Misra, "Mish", 2019)
  Mish: (o, g) => {
    const a = operand(o, 0);
    return g.mul(a, g.node("Tanh", [g.node("Softplus", [a])]));
  },
  GlobalMaxPool: (o, g) => {
    const a = operand(o, 0);
    return g.largest(
      a,
      a.dims.flatMap((_, axis) => (axis < 2 ? [] : [axis])),
    );
  },
  // y = √Σ a²
  ReduceL2: (o, g) => {
    const [a, axes] = [operand(o, 0), o.inputs[1] ?? null];
    return g.sqrt(g.node("ReduceSum", [g.mul(a, a), axes ?? axesOf(o, g)], { keepdims: keepdims(o) }));
  },
  InstanceNormalization: (o, g) => {
    const [a, scale, bias] = [operand(o, 0), operand(o, 1), operand(o, 2)];
    const groups = a.dims[1] ?? 1;
    return scaledByChannel(g, normalInGroups(g, a, groups, attributeFloat(o, "epsilon", 1e-5)), scale, bias);
  },
  // One scale and bias a channel from operator set 21 on, before it one a group
  GroupNormalization: (o, g) => {
    const [a, scale, bias] = [operand(o, 0), operand(o, 1), operand(o, 2)];
    const groups = attributeInt(o, "num_groups", 1);
    const normal = normalInGroups(g, a, groups, attributeFloat(o, "epsilon", 1e-5));
    const ofChannels = (vector: Value) => {
      const each = (a.dims[1] ?? 1) / (vector.dims[0] ?? 1);
      const column = g.reshape(vector, [vector.dims[0] ?? 1, 1]);
      return g.reshape(g.expand(column, [vector.dims[0] ?? 1, each]), [a.dims[1] ?? 1]);
    };
    return scaledByChannel(g, normal, ofChannels(scale), ofChannels(bias));
  },
  Resize: (o, g) => resized(o, g),
};

/** (a − μ) / √(σ² + ε) over the places and channels of each group (Wu and He, "Group Normalization", 2018, section 3) */
function normalInGroups(g: GraphBuilder, a: Value, groups: number, epsilon: number): Value {
  const rows = g.reshape(a, [a.dims[0] ?? 1, groups, -1]);
  const centred = g.sub(rows, g.mean(rows, [2]));
  const deviation = g.sqrt(g.add(g.mean(g.mul(centred, centred), [2]), epsilon));
  return g.reshape(g.div(centred, deviation), a.dims);
}

function scaledByChannel(g: GraphBuilder, map: Value, scale: Value, bias: Value): Value {
  const column = (vector: Value) => g.reshape(vector, [-1, ...map.dims.slice(2).map(() => 1)]);
  return g.add(g.mul(map, column(scale)), column(bias));
}

function keepdims(o: Operands): number {
  return attributeInt(o, "keepdims", 1);
}

/** A reduction's axes, which were an attribute before operator set 18, as an input. */
function axesOf(o: Operands, g: GraphBuilder): Value | null {
  const axes = o.attributes["axes"];
  return Array.isArray(axes) ? g.integers(axes as number[]) : null;
}
