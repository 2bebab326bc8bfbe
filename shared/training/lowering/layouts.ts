import type { Applied, GraphBuilder, Value } from "../builder.ts";
import { sizeOf } from "../shapes/operands.ts";

/** What a node becomes: its output with its axes in their own order, or a map [n, c, h, w] as [c, n, h, w]. */
export type Lowered = { readonly plain: Value } | { readonly channelsFirst: Value };

/** How an engine is to compute an operator. */
export type Rewrite = (node: Applied, l: Layouts) => Lowered;

const exchanged = [1, 0, 2, 3];

/**
 * The values of a graph that is being lowered, in the lowered graph: in one layout, in the other, or in both once a node has
 * asked for the one that was not there.
 */
export class Layouts {
  /** the lowered graph */
  readonly g: GraphBuilder;
  readonly #plain = new Map<string, Value>();
  readonly #channelsFirst = new Map<string, Value>();

  constructor(g: GraphBuilder) {
    this.g = g;
  }

  set(of: Value, lowered: Lowered): void {
    if ("plain" in lowered) this.#plain.set(of.name, lowered.plain);
    else this.#channelsFirst.set(of.name, lowered.channelsFirst);
  }

  /** What a value became, in whichever layout it is. */
  get(of: Value): Lowered {
    const channelsFirst = this.#channelsFirst.get(of.name);
    return channelsFirst === undefined ? { plain: this.plain(of) } : { channelsFirst };
  }

  /** Whether a value is there with its channels first, so that no transposition is needed to have it so. */
  isChannelsFirst(of: Value | null): boolean {
    return of !== null && this.#channelsFirst.has(of.name);
  }

  plain(of: Value): Value {
    const known = this.#plain.get(of.name);
    if (known !== undefined) return known;
    const channelsFirst = this.#channelsFirst.get(of.name);
    if (channelsFirst === undefined) throw new Error(`training: "${of.name}" is not lowered yet`);
    const plain = exchange(this.g, channelsFirst);
    this.#plain.set(of.name, plain);
    return plain;
  }

  /** A map [c, n, h, w]. What has fewer axes is taken as what it broadcasts to. */
  channelsFirst(of: Value): Value {
    const known = this.#channelsFirst.get(of.name);
    if (known !== undefined) return known;
    const plain = this.plain(of);
    if (plain.dims.length < 3) return plain;
    const map = plain.dims.length === 3 ? this.g.reshape(plain, [1, ...plain.dims]) : plain;
    const channelsFirst = exchange(this.g, map);
    this.#channelsFirst.set(of.name, channelsFirst);
    return channelsFirst;
  }
}

/** The first two axes exchanged; where one of them is 1 long, nothing moves. */
function exchange(g: GraphBuilder, a: Value): Value {
  const [first = 1, second = 1, ...others] = a.dims;
  if (a.dims.length !== 4) throw new Error(`training: expected a map but got "${a.name}" [${a.dims.join()}]`);
  return first === 1 || second === 1 || sizeOf(others) === 0
    ? g.reshape(a, [second, first, ...others])
    : g.node("Transpose", [a], { perm: exchanged });
}

/** Where an axis of a map lies once its channels are first. */
export function exchangedAxis(axis: number): number {
  return exchanged[axis] ?? axis;
}

/** A list by axis, in the other layout's order. */
export function exchangedOrder<T>([n, c, ...others]: readonly T[]): T[] {
  return [c, n, ...others].filter((one) => one !== undefined);
}
