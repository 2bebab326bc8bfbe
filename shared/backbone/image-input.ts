import { unexpected } from "../errors.ts";
import type { Graph, GraphNode, Port } from "../onnx/graph.ts";
import { constantIn, producers } from "../onnx/subgraph.ts";
import type { Layout } from "./preprocessing.ts";

/** The input of a network that takes photos. */
export interface ImageInput {
  readonly input: Port;
  readonly layout: Layout;
  /** null where the graph takes photos of any size */
  readonly side: number | null;
}

/**
 * The one input: float32, [n, 3, side, side] or [n, side, side, 3]. Where the axes have only names,
 * the first convolution tells which of them is the channels.
 *
 * @throws PipelineError `usage` where it is another
 */
export function imageInput(graph: Graph, path: string): ImageInput {
  const [input, ...others] = graph.inputs;
  if (input?.type !== "float32" || input.dims.length !== 4 || others.length > 0)
    throw noPhotos(graph, path, "export it with one input, of float32");
  const layout = layoutOfDims(input) ?? layoutOfConvolution(graph, input, path);
  const [height, width] = layout === "NHWC" ? input.dims.slice(1, 3) : input.dims.slice(2);
  const sides = [height, width].filter((dim) => typeof dim === "number");
  if (sides.length === 2 && height !== width)
    throw noPhotos(graph, path, "export it for photos that are square");
  checkBatch(graph, input, path);
  return { input, layout, side: sides[0] ?? null };
}

function layoutOfDims({ dims }: Port): Layout | null {
  if (dims[1] === 3) return "NCHW";
  return dims[3] === 3 ? "NHWC" : null;
}

/** What may lie between the pixels and the first convolution, and leaves their axes in place. */
const inPlace = new Set([
  "Identity",
  "Cast",
  "Mul",
  "Div",
  "Sub",
  "Add",
  "Clip",
  "Pad",
  "BatchNormalization",
]);

/**
 * The order of the axes as the first convolution takes them: it wants its channels behind the
 * photos.
 */
function layoutOfConvolution(graph: Graph, input: Port, path: string): Layout {
  const made = producers(graph);
  // For each tensor that is still the pixels, which axis of the input each of its axes is.
  const axes = new Map([[input.name, [0, 1, 2, 3]]]);
  for (const node of graph.nodes) {
    const from = node.inputs.find((name) => axes.has(name)) ?? "";
    const order = axes.get(from);
    if (order === undefined) continue;
    if (node.op === "Conv") {
      const dims = constantIn(graph, made, node.inputs[1] ?? "")?.dims ?? [];
      const channels = (dims[1] ?? NaN) * groupsOf(node);
      const [, second = 1] = order;
      if (dims.length === 4 && channels === 3 && isFree(input.dims[second])) {
        if (second === 1) return "NCHW";
        if (second === 3) return "NHWC";
      }
      throw noPhotos(
        graph,
        path,
        `its first convolution (${node.name}) takes ${Number.isNaN(channels) ? "an unknown number of" : channels} channels, not 3 of colour`,
      );
    }
    const perm = node.attributes["perm"];
    const [output = ""] = node.outputs;
    if (inPlace.has(node.op)) axes.set(output, order);
    if (node.op === "Transpose" && Array.isArray(perm))
      axes.set(
        output,
        perm.map((axis) => order[Number(axis)] ?? 0),
      );
  }
  throw noPhotos(
    graph,
    path,
    "no convolution tells which axis is the channels: export it with that axis fixed to 3, and only the photos' axis free",
  );
}

function isFree(dim: number | string | undefined): boolean {
  return typeof dim === "string";
}

function groupsOf({ attributes: { group } }: GraphNode): number {
  return typeof group === "number" ? group : 1;
}

function noPhotos(graph: Graph, path: string, hint: string) {
  const inputs = graph.inputs.map(({ name, type, dims }) => `${name} ${type} [${dims.join(", ")}]`);
  return unexpected("usage", {
    where: "backbone",
    expected: "one input, float32 [n, 3, side, side] or [n, side, side, 3],",
    subject: path,
    got: inputs.join("; ") || "none",
    hint,
  });
}

/** A batch size that is part of the file is overruled, unless shapes inside the graph repeat it. */
function checkBatch(graph: Graph, input: Port, path: string): void {
  const batch = input.dims[0];
  if (typeof batch !== "number") return;
  const fixed = graph.nodes.find(({ op, inputs }) => {
    const shape = op === "Reshape" || op === "Expand" ? graph.initializers.get(inputs[1] ?? "") : undefined;
    return shape !== undefined && shape.data.length > 1 && Number(shape.data[0]) === batch;
  });
  if (fixed === undefined) return;
  throw unexpected("usage", {
    where: "backbone",
    expected: "a network for any number of photos at once",
    subject: path,
    got: `one for ${batch} (${fixed.op} ${fixed.name} says so)`,
    hint: 'export it with a free batch dimension (torch.onnx.export: dynamic_shapes=({0: "n"},), from an example of two photos)',
  });
}
