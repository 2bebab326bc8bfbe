import { engineNamed } from "../../../shared/engine/engines.ts";
import { serializeModel } from "../../../shared/onnx/file.ts";
import type { ElementType, Tensor } from "../../../shared/onnx/graph.ts";
import { loweredFor } from "../../../shared/training/lowering/lowered.ts";
import { adamW } from "../../../shared/training/optimizer.ts";
import { trainingStep } from "../../../shared/training/step.ts";
import type { Tail } from "../../../shared/training/tail.ts";

/** What PyTorch's steps were made with. */
interface GoldenRecipe {
  classes: number;
  learningRate: number;
  blockRate: number;
  decay: number;
  epsilon: number;
  labelSmoothing: number;
}

/**
 * Whole steps of a tail on an engine, a batch each.
 *
 * @returns the losses, and every parameter after the last step by its name in the tail
 */
export async function stepped(
  engineName: string,
  tail: Tail,
  golden: GoldenRecipe,
  batches: readonly { x: Tensor; labels: readonly number[] }[],
  type: ElementType,
): Promise<{ losses: number[]; parameters: ReadonlyMap<string, Tensor> }> {
  const batch = batches[0]?.labels.length ?? 0;
  const groups = [
    ...tail.blocks.map((block) => ({ block, rate: golden.blockRate })),
    { block: tail.head, rate: 1 },
  ];
  const { graph, state } = trainingStep(tail.graph, {
    batch,
    groups: groups.flatMap(({ block, rate }) => [
      { parameters: block.weights, rate, decay: golden.decay },
      { parameters: [...block.biases, ...block.norms], rate, decay: 0 },
    ]),
    optimizer: adamW({ epsilon: golden.epsilon }),
    labelSmoothing: golden.labelSmoothing,
  });
  const engine = await engineNamed(engineName);
  const loop = await engine.loop(serializeModel(loweredFor(engine, graph)), state, { threads: 1 });
  const losses: number[] = [];
  for (const [i, { x, labels }] of batches.entries()) {
    const oneHot = labels.flatMap((label) =>
      Array.from({ length: golden.classes }, (_, c) => Number(c === label)),
    );
    const feeds = {
      [tail.input]: x,
      targets: tensor([batch, golden.classes], oneHot, type),
      weights: tensor([batch, 1], new Array<number>(batch).fill(1), type),
      learningRate: tensor([], [golden.learningRate], type),
      step: tensor([], [i + 1], type),
    };
    const { loss } = await loop.run(feeds, ["loss"]);
    losses.push(Number(loss?.data[0]));
  }
  const parameters = state.filter(({ kind }) => kind === "parameter").map(({ input }) => input);
  const trained = await loop.read(parameters);
  await loop.close();
  return { losses, parameters: trained };
}

/** A tensor of floats of either width. */
export function tensor(dims: readonly number[], numbers: readonly number[], type: ElementType): Tensor {
  return { type, dims, data: type === "float64" ? Float64Array.from(numbers) : Float32Array.from(numbers) };
}
