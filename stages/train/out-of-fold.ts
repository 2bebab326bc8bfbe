import { sizeOf } from "../../shared/arrow/tensor.ts";
import type { Engine, Session } from "../../shared/engine/engine.ts";
import { throughGraph } from "../../shared/engine/rows.ts";
import { PipelineError } from "../../shared/errors.ts";
import { serializeModel } from "../../shared/onnx/file.ts";
import type { IndexedPhotos } from "../../shared/photos.ts";
import type { Head } from "../../shared/training/head.ts";
import { withParameters } from "../../shared/training/parameters.ts";
import type { Tail } from "../../shared/training/tail.ts";
import { readView } from "./batches.ts";
import type { ShardExamples } from "./examples.ts";
import { fit } from "./fit.ts";
import { foldsOf, groupOf } from "./folds.ts";
import type { Maps } from "./maps.ts";
import type { Recipe } from "./recipe.ts";
import { sideBySide } from "./side-by-side.ts";
import { startTrainer } from "./trainer.ts";
import { chosenRows } from "./survey.ts";

/** What heads that did not see a photo in training say of it, for every labelled training row of the index, in its order. */
export interface OutOfFold {
  /** rows of the index */
  readonly rows: Int32Array;
  /** the fold that a row is in, from 0 */
  readonly folds: Int32Array;
  /** numbers of classes */
  readonly labels: Int32Array;
  /** [rows, classes], by no temperature divided */
  readonly logits: Float32Array;
}

/** A head to be cross-validated: how it is trained, and on what. */
export interface CrossValidation {
  readonly engine: Engine;
  /** untrained */
  readonly head: Head;
  readonly recipe: Recipe;
  /** how many of the recipe's epochs are made */
  readonly epochs: number;
  readonly classes: number;
  /** [classes] */
  readonly classWeights: Float32Array;
  /** pooled features */
  readonly maps: Maps;
  readonly examples: readonly ShardExamples[];
  readonly photos: IndexedPhotos;
  /** how many, from 2 */
  readonly folds: number;
  readonly seed: number;
  readonly threads: number;
  readonly signal: AbortSignal;
}

/**
 * Cross-validates a head: one for each fold, trained on the other folds as the run's own head was (its recipe, its views, its number of
 * epochs), then asked about the clean views of its own. Groups stay whole.
 *
 * The heads are one graph, so that an epoch reads the features once for all of them: every step takes a batch of all examples, and
 * those that a head does not see weigh nothing in its loss. Their losses are averaged, which scales a head's gradient by its share of
 * the rows; AdamW does not see scales, only `--clip` does, which here is of the heads together. The
 * standardisation is shared: it is of all training photos' features, and knows no labels.
 *
 * Memory holds the logits of all training photos, and of the features what training does.
 */
export async function outOfFold(validation: CrossValidation): Promise<OutOfFold> {
  const { photos, examples, folds, seed } = validation;
  const [rows, labels] = [joined(examples, "indexRows"), joined(examples, "labels")];
  const of = foldsOf(
    Array.from(rows, (row, i) => ({ group: groupOf(photos, row), label: labels[i] as number })),
    folds,
    seed,
  );
  const logits = await heldOutLogits(validation, await trainedHeads(validation, of), of);
  return inIndexOrder({ rows, folds: of, labels }, logits, validation.classes);
}

/** The heads of all folds, trained. */
async function trainedHeads(validation: CrossValidation, of: Uint32Array): Promise<Head> {
  const { engine, recipe, classes, classWeights, maps, examples, folds: count, ...rest } = validation;
  const head = sideBySide(validation.head, count);
  const trainer = startTrainer(engine, headsTail(head), {
    ...{ classes, recipe, classWeights, folds: { count, of } },
    ...{ threads: rest.threads, spinning: false },
  });
  const { parameters } = await fit(
    {
      ...{ recipe, maps, examples, trainer, best: "loss", evaluator: null },
      ...{ epochs: rest.epochs, seed: rest.seed, signal: rest.signal },
      phases: [{ firstEpoch: 0, blocks: 0 }],
    },
    null,
    () => Promise.resolve(),
  );
  await trainer.close();
  return { ...head, graph: withParameters(head.graph, parameters) };
}

function headsTail({ graph, weights, biases }: Head): Tail {
  const head = { weights, biases, norms: [] };
  return { graph, input: "features", blocks: [], head, network: graph, headPrefix: "" };
}

/** Features that go through the heads at once. */
const batch = 256;

/** Each example's logits of the head that was kept from it: [examples, classes], shard after shard. */
async function heldOutLogits(
  { engine, threads, maps, examples, classes, signal }: CrossValidation,
  { graph }: Head,
  of: Uint32Array,
): Promise<Float32Array> {
  const session: Session = await engine.load(serializeModel(graph), { threads });
  const logits = new Float32Array(of.length * classes);
  let at = 0;
  try {
    for (const { shard, rows } of examples) {
      if (signal.aborted) throw new PipelineError("interrupted", "train: stopped");
      const view = await readView(maps.result, shard.name, 0);
      const features = {
        ...{ input: "features", shape: maps.at.dims },
        rows: chosenRows(view, rows, sizeOf(maps.at.dims)),
      };
      for await (const { results, count } of throughGraph(session, features, ["logits"], batch)) {
        const answers = results["logits"]?.data as Float32Array;
        for (let i = 0; i < count; i++, at++) {
          const start = ((of[at] as number) * count + i) * classes;
          logits.set(answers.subarray(start, start + classes), at * classes);
        }
      }
    }
    return logits;
  } finally {
    await session.close();
  }
}

function inIndexOrder(
  { rows, folds, labels }: Readonly<Record<"rows" | "folds" | "labels", Uint32Array>>,
  logits: Float32Array,
  classes: number,
): OutOfFold {
  const order = Uint32Array.from(rows.keys()).sort((a, b) => (rows[a] as number) - (rows[b] as number));
  const ordered = (values: Uint32Array) => Int32Array.from(order, (i) => values[i] as number);
  const sorted = new Float32Array(logits.length);
  for (const [to, from] of order.entries())
    sorted.set(logits.subarray(from * classes, (from + 1) * classes), to * classes);
  return { rows: ordered(rows), folds: ordered(folds), labels: ordered(labels), logits: sorted };
}

function joined(examples: readonly ShardExamples[], of: "indexRows" | "labels"): Uint32Array {
  const all = new Uint32Array(examples.reduce((sum, { rows }) => sum + rows.length, 0));
  let at = 0;
  for (const one of examples) {
    all.set(one[of], at);
    at += one[of].length;
  }
  return all;
}
