import { z } from "zod";
import { unexpected } from "../errors.ts";
import type { Graph } from "../onnx/graph.ts";
import { readModel } from "../onnx/read-model.ts";
import type { BackboneFile } from "./backbones.ts";
import { findBlocks, type Block } from "./find-blocks.ts";
import { imageInput } from "./image-input.ts";
import { findPooling } from "./pooling.ts";
import { preprocessingOf, type Preprocessing } from "./preprocessing.ts";
import { type PreprocessorConfig, preprocessorConfigName } from "./preprocessor-config.ts";

/** A pretrained classifier, and where in its graph the features are. */
export interface Backbone {
  readonly name: string;
  readonly sha256: string;
  readonly graph: Graph;
  readonly preprocessing: Preprocessing;
  /** what a person should know of how its input was understood */
  readonly remarks: readonly string[];
  /**
   * the tensor that takes normalised pixels, float32 [n, 3, side, side] (or [n, side, side, 3]:
   * preprocessing.layout)
   */
  readonly input: string;
  /** the tensor that enters the global pooling; null where the network has none */
  readonly spatial: string | null;
  /** the tensor that enters the classifier, [n, features] */
  readonly pooled: string;
  readonly features: number;
  /**
   * in order: those that the file names (metadata `blocks`, a JSON list of tensors), else what its
   * graph shows
   */
  readonly blocks: readonly Block[];
}

/**
 * Reads a network and finds its features.
 *
 * @param side of the views that it is given; left out: what the network was trained on
 * @throws PipelineError `data` where it takes no views of that size, `usage` where the file is no
 *   classifier of square RGB photos that runs here
 */
export async function loadBackbone(file: BackboneFile, side?: number): Promise<Backbone> {
  const graph = await readModel(file.path);
  const taken = imageInput(graph, file.path);
  const { input, side: fixed } = taken;
  const { preprocessing: own, remarks } = preprocessingOf(graph, taken, file);
  const preprocessing = side === undefined || side === own.crop ? own : resized(own, side, fixed, file);
  const isSizeOpen = fixed === null && graph.metadata["preprocessing"] === undefined;
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
    remarks: [
      ...remarks,
      ...(isSizeOpen ? [sizeTaken(preprocessing, side)] : []),
      ...sizeRemarks(file.preprocessor ?? null, preprocessing),
    ],
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

/** For a graph whose height and width are free. */
function sizeTaken({ crop }: Preprocessing, side: number | undefined): string {
  const assumed = side === undefined ? " assumed" : "";
  return `its graph leaves the size of photos open: ${crop} × ${crop} pixels${assumed}, --input-size N gives others`;
}

/**
 * The size of photos is a setting of the run: what a preprocessor_config.json says of it is passed
 * on, as flags.
 */
function sizeRemarks(config: PreprocessorConfig | null, taken: Preprocessing): string[] {
  if (config?.crop == null) return [];
  const { crop, resize } = config;
  const isLarger = resize !== null && resize > crop;
  if (crop === taken.crop && !isLarger) return [];
  const cut = isLarger ? `, cut out of photos whose shorter side is ${resize}` : "";
  const flags = `--input-size ${crop}${isLarger ? ` --resize ${resize}` : ""}`;
  return [`${preprocessorConfigName} says photos of ${crop} × ${crop} pixels${cut}: ${flags}`];
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
