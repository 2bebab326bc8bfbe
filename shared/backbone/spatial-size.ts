import type { Graph, GraphNode } from "../onnx/graph.ts";

/** Operators that look through a window; all others on the way keep height and width as they are. */
const windowed = new Set(["Conv", "MaxPool", "AveragePool"]);

/** Operators behind which height and width are no longer where they were. */
const reshaping = new Set([
  "Reshape",
  "Flatten",
  "Transpose",
  "Resize",
  "Upsample",
  "Slice",
  "ConvTranspose",
]);

type Size = readonly [height: number, width: number];

/**
 * Height and width of a map [n, c, h, w], followed from the network's input along the first input of each node; null
 * where something on the way changes them in a manner unknown here.
 *
 * @param size of the network's input
 */
export function spatialSize(
  graph: Graph,
  made: ReadonlyMap<string, GraphNode>,
  tensor: string,
  size: Size,
): Size | null {
  const way: GraphNode[] = [];
  let at = tensor;
  for (let node = made.get(at); node !== undefined; node = made.get(at)) {
    if (reshaping.has(node.op)) return null;
    if (windowed.has(node.op)) way.push(node);
    at = node.inputs[0] ?? "";
  }
  if (at !== graph.inputs[0]?.name) return null;
  return way.reverse().reduce<Size>((from, node) => windowedSize(graph, node, from), size);
}

/** The output size of a window that moves over a map: Conv and AveragePool in ONNX's Operators.md. */
function windowedSize(graph: Graph, node: GraphNode, size: Size): Size {
  const kernel = kernelOf(graph, node);
  const strides = ints(node, "strides") ?? [1, 1];
  const dilations = ints(node, "dilations") ?? [1, 1];
  const pads = ints(node, "pads") ?? [0, 0, 0, 0];
  const autoPad = node.attributes["auto_pad"];
  const same = typeof autoPad === "string" && autoPad.startsWith("SAME");
  const round = node.attributes["ceil_mode"] === 1 ? Math.ceil : Math.floor;
  const along = (axis: 0 | 1) => {
    const stride = strides[axis] ?? 1;
    if (same) return Math.ceil(size[axis] / stride);
    const covered = ((kernel[axis] ?? 1) - 1) * (dilations[axis] ?? 1) + 1;
    return round((size[axis] + (pads[axis] ?? 0) + (pads[axis + 2] ?? 0) - covered) / stride) + 1;
  };
  return [along(0), along(1)];
}

function kernelOf(graph: Graph, node: GraphNode): readonly number[] {
  return ints(node, "kernel_shape") ?? graph.initializers.get(node.inputs[1] ?? "")?.dims.slice(2) ?? [1, 1];
}

function ints(node: GraphNode, name: string): readonly number[] | null {
  const value = node.attributes[name];
  return Array.isArray(value) ? (value as readonly number[]) : null;
}
