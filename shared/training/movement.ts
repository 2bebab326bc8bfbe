import type { GraphBuilder, Value } from "./builder.ts";

/** What is taken along one axis: from `start` up to `end`, every `step`th. */
interface Cut {
  readonly start: number;
  readonly end: number;
  readonly step?: number;
}

/** A part of a tensor; axes without a cut stay whole. */
export function cutOut(g: GraphBuilder, a: Value, cuts: Readonly<Record<number, Cut>>): Value {
  const asked = Object.entries(cuts)
    .map(([axis, { start, end, step = 1 }]) => ({ axis: Number(axis), start, end, step }))
    .filter(({ axis, start, end, step }) => start !== 0 || end !== a.dims[axis] || step !== 1);
  if (asked.length === 0) return a;
  return g.node("Slice", [
    a,
    g.integers(asked.map(({ start }) => start)),
    g.integers(asked.map(({ end }) => end)),
    g.integers(asked.map(({ axis }) => axis)),
    g.integers(asked.map(({ step }) => step)),
  ]);
}

/** A tensor with a number before and behind, by default 0; negative margins take away instead. */
export function surrounded(
  g: GraphBuilder,
  a: Value,
  margins: readonly (readonly [before: number, after: number])[],
  number = 0,
): Value {
  if (margins.every(([before, after]) => before === 0 && after === 0)) return a;
  const pads = [...margins.map(([before]) => before), ...margins.map(([, after]) => after)];
  return g.node("Pad", [a, g.integers(pads), ...(number === 0 ? [] : [g.scalar(number, a.type)])]);
}

/** A tensor with zeros between the elements of an axis: `step` − 1 of them behind each, the last one's left out. */
export function spread(g: GraphBuilder, a: Value, axis: number, step: number): Value {
  if (step === 1) return a;
  const { dims } = a;
  const length = dims[axis] ?? 1;
  const apart = g.reshape(a, [...dims.slice(0, axis + 1), 1, ...dims.slice(axis + 1)]);
  const filled = surrounded(
    g,
    apart,
    apart.dims.map((_, at) => (at === axis + 1 ? [0, step - 1] : [0, 0])),
  );
  const together = g.reshape(filled, [...dims.slice(0, axis), length * step, ...dims.slice(axis + 1)]);
  return cutOut(g, together, { [axis]: { start: 0, end: (length - 1) * step + 1 } });
}

/** Tensors one behind the other along an axis. */
export function joined(g: GraphBuilder, parts: readonly Value[], axis: number): Value {
  const [first, ...others] = parts;
  return first !== undefined && others.length === 0 ? first : g.node("Concat", parts, { axis });
}
