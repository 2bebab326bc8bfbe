import type { Backbone } from "../backbone/backbone.ts";
import { graphBetween } from "../backbone/between.ts";
import { freshPrefix } from "../backbone/frozen.ts";
import { unexpected } from "../errors.ts";
import type { Graph, GraphNode, Port, Tensor } from "../onnx/graph.ts";
import { constantIn, namesIn, producers, renamed, subgraph } from "../onnx/subgraph.ts";
import { foldNormalisation } from "./fold.ts";
import type { Head } from "./head.ts";
import { withParameters } from "./parameters.ts";
import { trainableOf } from "./trainable.ts";
import type { Trainable } from "./trainable.ts";

/** The one in which reductions take their axes as an input. */
const oldestOperatorSet = 13;

/** A block's parameters: names of initializers of the tail's graph. */
interface Block extends Trainable {
  /** as the backbone calls it; "pooled" behind its last */
  readonly name: string;
}

/** The unfrozen end of a network with a head on it. */
export interface Tail {
  /** the tensor at the boundary [n, …] → `logits` [n, classes] */
  readonly graph: Graph;
  /** name of the graph's one input */
  readonly input: string;
  /** from the boundary on; the new head is none of them */
  readonly blocks: readonly Block[];
  /** the new head's parameters, as they are called in the graph */
  readonly head: Trainable;
  /** the whole network as it is trained, the batch normalisation of the tail folded */
  readonly network: Graph;
  /** what stands before the head's own names */
  readonly headPrefix: string;
}

export interface TailOptions {
  /**
   * frozen: folded into the convolutions before it, statistics, scale and shift constant; trained:
   * scale and shift move, the statistics stay
   */
  readonly batchNormalisation: "frozen" | "trained";
}

/**
 * The part of a backbone behind a boundary, up to `pooled`, and a head: what trains while everything before it is frozen.
 *
 * @param boundary a tensor of the backbone, or its input, where all of it trains
 * @param dims of one photo's tensor at the boundary: [c, h, w], or [tokens, c]
 * @throws PipelineError `usage` where the part behind the boundary needs something from before it, or the network's operators are
 *   older than those of the gradient rules
 */
export function tailGraph(
  backbone: Backbone,
  boundary: string,
  dims: readonly number[],
  head: Head,
  { batchNormalisation }: TailOptions,
): Tail {
  checkOperatorSet(backbone);
  const whole = withConstantsInlined(backbone.graph);
  const type = head.graph.outputs[0]?.type ?? "float32";
  const input: Port = { name: boundary, type, dims: ["n", ...dims] };
  const unfrozen = partBehind(backbone, whole, input);
  const own = new Set(unfrozen.nodes.flatMap(({ outputs }) => outputs));
  const behind = (node: GraphNode) => node.outputs.some((output) => own.has(output));
  const network =
    batchNormalisation === "trained"
      ? whole
      : foldNormalisation(whole, behind, referredTo(backbone, boundary));
  const part = partBehind(backbone, network, input);

  const names = namesIn(network);
  const headPrefix = [...namesIn(head.graph)].some((name) => names.has(name))
    ? freshPrefix(names, "head")
    : "";
  const inTail = (name: string) => (name === "features" ? backbone.pooled : headPrefix + name);
  const top = renamed(head.graph, inTail, (node) => headPrefix + node);
  return {
    graph: {
      opset: part.opset,
      inputs: part.inputs,
      outputs: top.outputs,
      nodes: [...part.nodes, ...top.nodes],
      initializers: new Map([...part.initializers, ...top.initializers]),
      metadata: {},
    },
    input: boundary,
    blocks: blocksOf(part, backbone, batchNormalisation === "trained"),
    head: { weights: head.weights.map(inTail), biases: head.biases.map(inTail), norms: [] },
    network,
    headPrefix,
  };
}

/**
 * The backbone and the head with the parameters that training gave them: for model.onnx. Where
 * batch normalisation was frozen, the tail's convolutions are the folded ones: what was trained is
 * what runs.
 *
 * @param parameters by their names in the tail's graph
 */
export function tuned(
  backbone: Backbone,
  tail: Tail,
  head: Head,
  parameters: ReadonlyMap<string, Tensor>,
): { backbone: Backbone; head: Graph } {
  const heads = new Set([...tail.head.weights, ...tail.head.biases]);
  const entries = [...parameters];
  const graph = withParameters(tail.network, new Map(entries.filter(([name]) => !heads.has(name))));
  const ofHead = entries
    .filter(([name]) => heads.has(name))
    .map(([name, tensor]) => [name.slice(tail.headPrefix.length), tensor] as const);
  return { backbone: { ...backbone, graph }, head: withParameters(head.graph, new Map(ofHead)) };
}

/** Constants of nodes as initializers, so that nothing else is to be asked where a weight is. */
function withConstantsInlined(graph: Graph): Graph {
  const made = producers(graph);
  const constants = graph.nodes.flatMap((node) => {
    const [output = ""] = node.outputs;
    const tensor = constantIn(graph, made, output);
    return tensor === null ? [] : [{ node, output, tensor }];
  });
  const gone = new Set(constants.map(({ node }) => node));
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => !gone.has(node)),
    initializers: new Map([
      ...graph.initializers,
      ...constants.map(({ output, tensor }) => [output, tensor] as const),
    ]),
  };
}

function checkOperatorSet({ name, graph: { opset } }: Backbone): void {
  if (opset >= oldestOperatorSet) return;
  throw unexpected("usage", {
    where: "training",
    expected: `a network in operator set ${oldestOperatorSet} or later, to be trained,`,
    subject: name,
    got: `set ${opset}`,
    hint: "export it again (torch.onnx.export: opset_version=17), or train the head alone",
  });
}

function partBehind(backbone: Backbone, graph: Graph, input: Port): Graph {
  return graphBetween(backbone, graph, input, {
    name: backbone.pooled,
    type: "float32",
    dims: ["n", backbone.features],
  });
}

/** Tensors that the backbone names. */
function referredTo({ pooled, spatial, blocks }: Backbone, boundary: string): Set<string> {
  return new Set([
    boundary,
    pooled,
    ...(spatial === null ? [] : [spatial]),
    ...blocks.map(({ tensor }) => tensor),
  ]);
}

/**
 * Each node belongs to the first block whose output needs it; what is behind the last block is a
 * block of its own.
 */
function blocksOf(part: Graph, backbone: Backbone, batchNormalisation: boolean): Block[] {
  const made = producers(part);
  const trainable = trainableOf(part, batchNormalisation);
  const left = new Set(part.nodes);
  const inside = backbone.blocks.filter(({ tensor }) => made.has(tensor));
  return [...inside, { name: "pooled", tensor: backbone.pooled }]
    .map(({ name, tensor }): Block => {
      const mine = subgraph(part, [{ name: tensor, type: "float32", dims: [] }]).nodes.filter((node) =>
        left.delete(node),
      );
      const parameters = mine.map((node) => trainable.get(node));
      const all = (kind: keyof Trainable) => parameters.flatMap((one) => one?.[kind] ?? []);
      return { name, weights: all("weights"), biases: all("biases"), norms: all("norms") };
    })
    .filter(({ weights, biases, norms }) => weights.length + biases.length + norms.length > 0);
}
