import Table from "cli-table3";
import { type Command, Option } from "commander";
import { loadBackbone, type Backbone } from "../shared/backbone/backbone.ts";
import type { BackboneFile } from "../shared/backbone/backbones.ts";
import { blocksIn } from "../shared/backbone/boundary.ts";
import { normalisationInWords } from "../shared/backbone/normalisations.ts";
import { parametersOf, type Counts } from "../shared/backbone/parameters.ts";
import { outputShapes } from "../shared/backbone/shapes.ts";
import { type BackboneChoice, chosenFile } from "../shared/backbone/chosen.ts";
import type { GraphNode } from "../shared/onnx/graph.ts";
import type { Json } from "../shared/artifacts/types.ts";
import { normalisationOption, normalisations } from "../shared/options.ts";
import { wholeNumber } from "../shared/whole-number.ts";
import type { Answer, Speaking } from "./command.ts";

/** `backbone`: what a network is made of. */
export function addBackbone(program: Command, speaking: Speaking): void {
  program
    .command("backbone")
    .description("print the blocks, nodes, shapes and parameters of a backbone")
    .option("--backbone <value>", "its name, or the path of an ONNX file", "efficientnet-lite0")
    .option("--weights <file>", "a safetensors file with a resnet's weights")
    .addOption(new Option("--normalisation <value>", normalisationOption.description).choices(normalisations))
    .option("--input-size <number>", "side of a photo in pixels, where its graph takes any")
    .action(async ({ inputSize, ...choice }: BackboneFlags) => {
      const { progress, signal } = speaking;
      const side =
        inputSize === undefined ? undefined : wholeNumber("--input-size", inputSize, { where: "backbone" });
      const file = await chosenFile(choice, { progress: progress("pipeline"), signal });
      speaking.answer(await describeBackbone(file, side));
    });
}

interface BackboneFlags extends BackboneChoice {
  readonly inputSize?: string;
}

/**
 * What `npx zx pipeline.ts backbone` prints: the network's blocks and nodes, the shapes of what
 * they make of one photo, and their parameters.
 *
 * @throws PipelineError `usage` or `engine` where the file cannot be read or does not run
 */
export async function describeBackbone(file: BackboneFile, side?: number): Promise<Answer> {
  const backbone = await loadBackbone(file, side);
  const shapes = await outputShapes(backbone);
  const parameters = parametersOf(backbone.graph);
  const parts = [summary(backbone), table(backbone, shapes, parameters), totals(parameters)];
  return { text: `${parts.join("\n\n")}\n`, json: backboneInJson(backbone, shapes, parameters) };
}

function backboneInJson(
  backbone: Backbone,
  shapes: ReadonlyMap<string, readonly number[]>,
  parameters: ReadonlyMap<GraphNode, Counts>,
): Json {
  const { name, sha256, preprocessing, remarks, pooled, spatial, features } = backbone;
  const blocks = sections(backbone).map((section) => ({
    name: section.name,
    tensor: section.tensor,
    shape: shapes.get(section.tensor) ?? null,
    nodes: section.nodes.map((node) => ({
      ...{ name: node.name, operator: node.op, outputs: node.outputs },
      shape: shapes.get(node.outputs[0] ?? "") ?? null,
      parameters: parameters.get(node)?.trained ?? 0,
    })),
  }));
  return { name, sha256, preprocessing: { ...preprocessing }, remarks, pooled, spatial, features, blocks };
}

function summary(backbone: Backbone): string {
  const { name, sha256, preprocessing, input, pooled, spatial, features } = backbone;
  const blocks = blocksIn(backbone);
  const { resize, crop, interpolation } = preprocessing;
  return [
    `${name}, sha256 ${sha256}`,
    `photo     shorter side to ${resize}, centre ${crop} × ${crop}, ${interpolation}; enters ${input} as`,
    `          ${normalisationInWords(preprocessing)}`,
    ...backbone.remarks.map((remark) => `          note: ${remark}`),
    `pooled    ${pooled}, ${features} numbers`,
    `spatial   ${spatial ?? "none: the network has no global pooling"}`,
    `blocks    ${blocks.length}` +
      (blocks.length === 0 ? "" : `, ${blocks[0]?.name ?? ""} to ${blocks.at(-1)?.name ?? ""}`),
  ].join("\n");
}

function table(
  backbone: Backbone,
  shapes: ReadonlyMap<string, readonly number[]>,
  parameters: ReadonlyMap<GraphNode, Counts>,
): string {
  const rows = new Table({
    head: ["node", "operator", "output of one photo", "parameters"],
    colAligns: ["left", "left", "left", "right"],
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2, compact: true },
    chars: plain,
  });
  for (const { name, tensor, nodes } of sections(backbone)) {
    const own = nodes.map((node) => [
      (name === "" ? "" : "  ") + labelOf(node),
      node.op,
      shapeText(shapes.get(node.outputs[0] ?? "")),
      countText(parameters.get(node)?.trained ?? 0),
    ]);
    const whole = nodes.reduce((sum, node) => sum + (parameters.get(node)?.trained ?? 0), 0);
    if (name !== "") rows.push([name, "", shapeText(shapes.get(tensor)), countText(whole)]);
    rows.push(...own);
  }
  return rows.toString().replace(/ +$/gm, "");
}

/** No lines but the one below the head. */
const plain = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "" },
  ...{ bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" },
  ...{ left: "", "left-mid": "", right: "", "right-mid": "", middle: "", "mid-mid": "" },
};

interface Section {
  readonly name: string;
  readonly tensor: string;
  readonly nodes: readonly GraphNode[];
}

/**
 * The nodes of each block, in order; what lies behind the last block, or all of an unnamed network,
 * has the name "".
 */
function sections({ graph, blocks }: Backbone): Section[] {
  const found: Section[] = [];
  const ends = new Map(blocks.map((block) => [block.tensor, block.name]));
  let open: GraphNode[] = [];
  for (const node of graph.nodes) {
    open.push(node);
    const end = node.outputs.find((output) => ends.has(output));
    if (end === undefined) continue;
    found.push({ name: ends.get(end) ?? end, tensor: end, nodes: open });
    open = [];
  }
  return open.length > 0 ? [...found, { name: "", tensor: "", nodes: open }] : found;
}

/** A node's name and, where it is called otherwise, the tensor that it makes. */
function labelOf({ name, outputs }: GraphNode): string {
  const output = outputs[0] ?? "";
  if (name === "" || name === output) return output;
  return `${name} → ${output}`;
}

function shapeText(dims: readonly number[] | undefined): string {
  if (dims === undefined) return "";
  return dims.length === 0 ? "a number" : dims.join(" × ");
}

function countText(count: number): string {
  return count === 0 ? "" : count.toLocaleString("en");
}

function totals(parameters: ReadonlyMap<GraphNode, Counts>): string {
  let trained = 0;
  let statistics = 0;
  for (const counts of parameters.values()) {
    trained += counts.trained;
    statistics += counts.statistics;
  }
  const nodes = `${parameters.size} nodes, ${countText(trained)} parameters`;
  if (statistics === 0) return nodes;
  return `${nodes}; not counted: ${countText(statistics)} running means and variances of batch normalisation`;
}
