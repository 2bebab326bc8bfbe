import { unexpected } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { producers } from "../onnx/subgraph.ts";
import type { Backbone } from "./backbone.ts";
import type { Block } from "./find-blocks.ts";

/**
 * Where a network is frozen up to: "pooled" (all of it is), "pixels" (nothing is), or the tensor
 * behind which all is unfrozen.
 */
export type Boundary = string;

/** The blocks that `--unfreeze 4` counts, from the network's input to its features. */
export function blocksIn({ blocks }: Backbone): Block[] {
  return blocks.filter(({ counted }) => counted);
}

/**
 * The boundary that a setting of `--unfreeze` stands for.
 *
 * @param unfreeze a number of blocks, counted from the features; "all"; or a name: from that block
 * (or node) on
 * @throws PipelineError `usage` where the network has no such block
 */
export function boundaryOf(backbone: Backbone, unfreeze: string): Boundary {
  if (unfreeze === "0") return "pooled";
  if (unfreeze === "all") return "pixels";
  return /^\d+$/.test(unfreeze) ? beforeLast(backbone, Number(unfreeze)) : before(backbone, unfreeze);
}

function beforeLast(backbone: Backbone, count: number): Boundary {
  const blocks = blocksIn(backbone);
  const first = blocks.at(-count);
  if (count <= blocks.length && first !== undefined) return before(backbone, first.name);
  throw unexpected("usage", {
    where: "backbone",
    expected:
      blocks.length === 0
        ? `"all" or the name of a node, as no blocks of ${backbone.name} can be told,`
        : `at most ${blocks.length} blocks of ${backbone.name}, or "all",`,
    subject: "--unfreeze",
    got: String(count),
    hint: "npx zx pipeline.ts backbone lists blocks and nodes",
  });
}

/** What enters a block or a node. */
function before(backbone: Backbone, name: string): Boundary {
  const { blocks, graph, input } = backbone;
  const place = blocks.findIndex((block) => block.name === name);
  if (place !== -1) return blocks[place - 1]?.tensor ?? "pixels";
  const node = graph.nodes.find((each) => each.name === name) ?? producers(graph).get(name);
  if (node === undefined) throw unknownBlock(backbone, name);
  const entering = node.inputs.find((each) => each !== "" && !graph.initializers.has(each));
  return entering === undefined || entering === input ? "pixels" : entering;
}

function unknownBlock(backbone: Backbone, name: string) {
  const names = backbone.graph.nodes.flatMap((node) => [node.name, ...node.outputs]);
  const near = nearest(name, [...backbone.blocks.map((block) => block.name), ...names]);
  return unexpected("usage", {
    where: "backbone",
    expected: `a number, "all" or the name of a block or a node of ${backbone.name}`,
    subject: "--unfreeze",
    got: name,
    hint: (near === null ? "" : `did you mean ${near}? `) + "npx zx pipeline.ts backbone lists them",
  });
}
