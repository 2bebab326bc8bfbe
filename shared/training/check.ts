import type { Backbone } from "../backbone/backbone.ts";
import type { Beginning } from "../backbone/frozen.ts";
import type { Engine } from "../engine/engine.ts";
import { newHead } from "./head.ts";
import { loweredFor } from "./lowering/lowered.ts";
import { adamW } from "./optimizer.ts";
import { trainingStep } from "./step.ts";
import { tailAt, trainableIn } from "./tail-at.ts";

/**
 * Derives the training step of everything behind a boundary, and throws it away: what cannot be trained is known before hours of
 * work are put into it.
 *
 * @throws PipelineError `engine` naming the node whose operator has no gradient rule or no lowering; `usage` where the network is
 *   too old or the boundary is none
 */
export function checkTrainable(backbone: Backbone, at: Beginning, engine: Engine): void {
  const { features, graph } = backbone;
  const head = newHead({
    ...{ kind: "linear", features, classes: 2, seed: 0, standardisation: null },
    opset: graph.opset,
  });
  const tail = tailAt(backbone, at, head, "frozen");
  const step = trainingStep(tail.graph, {
    batch: 1,
    groups: [{ parameters: trainableIn(tail), rate: 1, decay: 0 }],
    optimizer: adamW(),
    labelSmoothing: 0,
  });
  loweredFor(engine, step.graph);
}
