import { readFile } from "node:fs/promises";
import { z } from "zod";
import { unexpected } from "../errors.ts";
import { parseModel } from "../onnx/file.ts";
import type { Graph, Port } from "../onnx/graph.ts";
import type { BackboneFile } from "./backbones.ts";
import { findBlocks, type Block } from "./find-blocks.ts";
import { findPooling } from "./pooling.ts";
import { preprocessingOf, type Layout, type Preprocessing } from "./preprocessing.ts";

/** A pretrained classifier, and where in its graph the features are. */
export interface Backbone {
  readonly name: string;
  readonly sha256: string;
  readonly graph: Graph;
  readonly preprocessing: Preprocessing;
  /** the tensor that takes normalised pixels, float32 [n, 3, side, side] (or [n, side, side, 3]: preprocessing.layout) */
  readonly input: string;
  /** the tensor that enters the global pooling; null where the network has none */
  readonly spatial: string | null;
  /** the tensor that enters the classifier, [n, features] */
  readonly pooled: string;
  readonly features: number;
  /** in order: those that the file names (metadata `blocks`, a JSON list of tensors), else what its graph shows */
  readonly blocks: readonly Block[];
}

/**
 * Reads a network and finds its features.
 *
 * @param side of the views that it is given; left out: what the network was trained on
 * @throws PipelineError `data` where it takes no views of that size, `usage` where the file is no classifier of square RGB photos that runs here
 */
export async function loadBackbone(file: BackboneFile, side?: number): Promise<Backbone> {
  const graph = parseModel(await readFile(file.path));
  const { input, layout, side: fixed } = imageInput(graph, file.path);
  const own = preprocessingOf(graph, layout, fixed, file.path);
  const preprocessing = side === undefined || side === own.crop ? own : resized(own, side, fixed, file);
  const pooling = findPooling(graph, [preprocessing.crop, preprocessing.crop]);
  if (pooling === null)
    throw unexpected("usage", {
      where: "backbone",
      expected:
        "a global pooling (GlobalAveragePool, ReduceMean over height and width, AveragePool over the whole map) " +
        "and a Gemm or MatMul behind it, or at least a Gemm or MatMul at the end,",
      subject: file.path,
      got: `outputs ${graph.outputs.map(({ name }) => name).join(", ")} without one`,
      hint: "choose a network that was exported with its classifier",
    });
  return {
    name: file.name,
    sha256: file.sha256,
    graph,
    preprocessing,
    input: input.name,
    ...pooling,
    blocks: blocksNamed(graph, file.path) ?? findBlocks(graph, { input: input.name, ...pooling }),
  };
}

/** For photos of another size than the network was trained on, where its graph takes them. */
function resized(
  own: Preprocessing,
  side: number,
  fixed: number | null,
  { name }: BackboneFile,
): Preprocessing {
  if (fixed === null) return { ...own, resize: Math.round((own.resize / own.crop) * side), crop: side };
  throw unexpected("data", {
    where: "backbone",
    expected: `views of ${fixed} × ${fixed} pixels`,
    subject: name,
    got: `${side} × ${side}`,
    hint: `run npx zx pipeline.ts all --input-size ${fixed}`,
  });
}

interface ImageInput {
  readonly input: Port;
  readonly layout: Layout;
  /** null where the graph takes photos of any size */
  readonly side: number | null;
}

/** The one input: float32, [n, 3, side, side] or [n, side, side, 3]. */
function imageInput(graph: Graph, path: string): ImageInput {
  const [input, ...others] = graph.inputs;
  const layout = input === undefined ? null : layoutOf(input);
  const sides = input === undefined ? [] : layout === "NHWC" ? input.dims.slice(1, 3) : input.dims.slice(2);
  if (input?.type === "float32" && layout !== null && others.length === 0 && sides[0] === sides[1]) {
    checkBatch(graph, input, path);
    return { input, layout, side: typeof sides[0] === "number" ? sides[0] : null };
  }
  throw unexpected("usage", {
    where: "backbone",
    expected: "one input, float32 [n, 3, side, side] or [n, side, side, 3],",
    subject: path,
    got:
      graph.inputs.map(({ name, type, dims }) => `${name} ${type} [${dims.join(", ")}]`).join("; ") || "none",
  });
}

function layoutOf({ dims }: Port): Layout | null {
  if (dims.length !== 4) return null;
  if (dims[1] === 3) return "NCHW";
  return dims[3] === 3 ? "NHWC" : null;
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
    hint: "export it with a free batch dimension (torch.onnx.export: dynamic_axes={input: {0: 'n'}})",
  });
}

/** Names of parts between tensors that are no blocks: `--unfreeze 4` does not count them. */
const ends: ReadonlySet<string> = new Set(["stem", "head"]);

/** Blocks as our own files name them; null where a file names none. */
function blocksNamed(graph: Graph, path: string): readonly Block[] | null {
  const text = graph.metadata["blocks"];
  if (text === undefined) return null;
  const made = new Set(graph.nodes.flatMap(({ outputs }) => outputs));
  const blocks = z.array(z.string()).safeParse(parsedOrNull(text));
  if (blocks.success && blocks.data.every((name) => made.has(name)))
    return blocks.data.map((name) => ({ name, tensor: name, counted: !ends.has(name) }));
  throw unexpected("usage", {
    where: "backbone",
    expected: 'metadata "blocks" as a JSON list of names of tensors',
    subject: path,
    got: text,
  });
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
