import type { Segment } from "./segments.ts";

/** What a segment is a piece of. */
interface Unit {
  /** segments of one unit have the same */
  readonly key: string;
  /** what it is called in the file, where names tell */
  readonly module: string | null;
  /** whether it is one of the network's units, if it has two convolutions or products */
  readonly counted: boolean;
  /** one is enough */
  readonly alone?: boolean;
}

/** null: of no unit, undefined: nothing tells, its neighbours decide */
export type Membership = Unit | null | undefined;

/** Nothing that bends: a chain that ends with these is linear. */
const affine = new Set(["Add", "Sub", "Mul", "Div", "BatchNormalization", "Identity", "Dropout"]);

/** What only prepares data for what comes next. */
const preparations = new Set([
  ...["Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Pad", "Slice", "Gather", "Cast", "Concat"],
]);

/**
 * Units by structure alone. Every segment that ends with a join is one, but a transformer's layer is two: attention and what
 * follows it. Between them, a chain of convolutions up to one without an activation behind it is one too: a bottleneck
 * without a residual addition, as where the resolution changes. The first convolution takes the pixels and is none.
 */
export function unitsByStructure(segments: readonly Segment[]): Membership[] {
  const chains = chainsIn(segments);
  let [count, attention] = [0, false];
  return segments.map((segment, place) => {
    const chain = chains.get(place);
    if (chain !== undefined) {
      attention = false;
      return { key: `chain ${chain.first}`, module: null, counted: chain.linear && chain.first > 0 };
    }
    if (!segment.joins) return undefined;
    const attends = has(segment, "Softmax");
    const completes = attention && !attends && !has(segment, "Conv");
    attention = attends;
    return { key: `unit ${completes ? count : ++count}`, module: null, counted: true };
  });
}

/** Whether a segment that nothing tells of belongs to what comes behind it, not to what is before. */
export function leads({ nodes }: Segment, before: Segment | undefined): boolean {
  if (nodes.some(({ op }) => op.endsWith("Normalization")))
    return before === undefined || before.joins || before.products === 0;
  return preparations.has(nodes[0]?.op ?? "");
}

interface Chain {
  /** place of its first product among the products outside joins */
  readonly first: number;
  /** whether it ends without an activation, with more behind it */
  linear: boolean;
}

/** The chain that each segment with products belongs to, outside joins. */
function chainsIn(segments: readonly Segment[]): Map<number, Chain> {
  const chains = new Map<number, Chain>();
  let [open, bent, products]: [Chain | null, boolean, number] = [null, false, 0];
  for (const [place, segment] of segments.entries()) {
    const weighted = segment.products > 0;
    if (open !== null && weighted && (segment.joins || !bent)) open.linear = !bent;
    if (segment.joins) open = null;
    else if (weighted) {
      if (open === null || !bent || open.first === 0) open = { first: products, linear: false };
      chains.set(place, open);
      products++;
      bent = segment.nodes.length > 1;
    } else if (!isAffine(segment) && !leads(segment, segments[place - 1])) bent = true;
  }
  return chains;
}

function isAffine({ nodes }: Segment): boolean {
  return nodes.every(({ op }) => affine.has(op)) && nodes.length === 1;
}

function has({ nodes }: Segment, operator: string): boolean {
  return nodes.some(({ op }) => op === operator);
}
