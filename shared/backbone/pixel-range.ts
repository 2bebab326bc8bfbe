import type { Graph, GraphNode, Tensor } from "../onnx/graph.ts";
import { constantIn, producers } from "../onnx/subgraph.ts";
import type { GivenNormalisation } from "../options.ts";
import type { Layout } from "./preprocessing.ts";

/** What a network does to the pixels that enter it, before anything else. */
export interface InnerNormalisation {
  /** what it is to be given: pixels of 0 to 255, or of 0 to 1 */
  readonly wants: Extract<GivenNormalisation, "none" | "unit">;
  /** the nodes that do it, for messages: "Mul, Sub, Div" */
  readonly nodes: string;
}

/** For each channel: value · slope + offset. */
interface Affine {
  readonly slope: readonly number[];
  readonly offset: readonly number[];
}

const channels = 3;

/**
 * Whether a graph begins by rescaling or normalising its pixels, and what range they must have for
 * that: x · 1/255 and (x - 123.675) / 58.395 make sense of pixels of 0 to 255, (x - 0.485) / 0.229
 * and 2x - 1 of pixels of 0 to 1.
 *
 * @returns null where it does not, or where what it does fits neither
 */
export function innerNormalisation(graph: Graph, input: string, layout: Layout): InnerNormalisation | null {
  const made = producers(graph);
  const nodes: GraphNode[] = [];
  let at = input;
  let affine: Affine = { slope: Array<number>(channels).fill(1), offset: Array<number>(channels).fill(0) };
  let channelAxis = layout === "NCHW" ? 1 : 3;
  for (;;) {
    const [node, ...others] = graph.nodes.filter(({ op, inputs }) => op !== "Shape" && inputs.includes(at));
    if (node === undefined || others.length > 0) break;
    if (node.op === "Transpose") channelAxis = movedAxis(node, channelAxis);
    else if (!keepsValues(node)) {
      const next = after(affine, node, at, channelAxis, (name) => constantIn(graph, made, name));
      if (next === null) break;
      affine = next;
      nodes.push(node);
    }
    at = node.outputs[0] ?? "";
  }
  const wants = nodes.length === 0 ? null : rangeFor(affine);
  return wants === null ? null : { wants, nodes: nodes.map(({ op }) => op).join(", ") };
}

/** Gather: the channels in another order, as networks from Caffe want them. */
function keepsValues({ op }: GraphNode): boolean {
  return op === "Identity" || op === "Cast" || op === "Gather";
}

function movedAxis({ attributes: { perm } }: GraphNode, axis: number): number {
  return Array.isArray(perm) ? perm.indexOf(axis) : 3 - axis;
}

/**
 * What comes of a value behind one more node; null where that is no sum or product with a constant
 * for each channel.
 */
function after(
  { slope, offset }: Affine,
  { op, inputs }: GraphNode,
  value: string,
  channelAxis: number,
  constant: (name: string) => Tensor | null,
): Affine | null {
  const isFirst = inputs[0] === value;
  const tensor = constant((isFirst ? inputs[1] : inputs[0]) ?? "");
  const c = tensor === null ? null : perChannel(tensor, channelAxis);
  if (c === null) return null;
  const mapped = (map: (number: number, channel: number) => number, numbers: readonly number[]) =>
    numbers.map((number, i) => map(number, c[i] ?? NaN));
  if (op === "Mul") return { slope: mapped((x, k) => x * k, slope), offset: mapped((x, k) => x * k, offset) };
  if (op === "Add") return { slope, offset: mapped((x, k) => x + k, offset) };
  if (op === "Div" && isFirst)
    return { slope: mapped((x, k) => x / k, slope), offset: mapped((x, k) => x / k, offset) };
  if (op === "Sub" && isFirst) return { slope, offset: mapped((x, k) => x - k, offset) };
  if (op === "Sub") return { slope: slope.map((x) => -x), offset: mapped((x, k) => k - x, offset) };
  return null;
}

/**
 * A constant as a number for each channel of a map with four axes; null where it is of another
 * shape.
 */
function perChannel({ dims, data }: Tensor, channelAxis: number): number[] | null {
  const values = Array.from(data, Number);
  const [only] = values;
  if (values.length === 1 && only !== undefined) return Array<number>(channels).fill(only);
  const aligned = [...Array<number>(Math.max(0, 4 - dims.length)).fill(1), ...dims];
  return values.length === channels && aligned[channelAxis] === channels ? values : null;
}

/**
 * The range of pixels of which an affine map makes numbers about as large as networks take, -5 to 5
 * or so.
 */
function rangeFor({ slope, offset }: Affine): InnerNormalisation["wants"] | null {
  const ranges = slope.map((a, i) => {
    const [size, zero] = [Math.abs(a), -(offset[i] ?? NaN) / a];
    // 255 levels become 0.1 to 10 wide, or what becomes 0 is a level beyond 1.
    if ((size > 0.0004 && size < 0.04) || (size >= 0.04 && zero > 1.5 && zero <= 255)) return "none";
    const isCentred = size >= 0.5 && zero > 0 && zero <= 1;
    return isCentred || (size > 100 && zero >= 0 && zero <= 1) ? "unit" : null;
  });
  const [first = null] = ranges;
  return ranges.every((range) => range === first) ? first : null;
}
