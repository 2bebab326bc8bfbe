import { readFile } from "node:fs/promises";
import { cleanViews } from "../../shared/arrow/clean-views.ts";
import { engineNamed } from "../../shared/engine/engines.ts";
import type { IndexedPhotos } from "../../shared/photos.ts";
import type { StageContext } from "../../shared/stage.ts";

/** The classifier's answer for every photo, in index order. */
export interface Predictions {
  /** numbers of classes */
  readonly classes: Int32Array;
  /** of that class, in [0, 1] */
  readonly probabilities: Float32Array;
}

/** Runs the trained head over the embedded clean views. */
export async function predict(
  { inputs }: Pick<StageContext<unknown>, "inputs">,
  photos: IndexedPhotos,
  rowsOf: ReadonlyMap<string, readonly number[]>,
): Promise<Predictions> {
  const { embed, train } = inputs;
  if (embed === undefined || train === undefined) throw new Error("predictions need embed and train");
  const engine = await engineNamed("cpu");
  // As train measured: one thread, so that a prediction has the same bits on any number of cores.
  const head = await engine.load(await readFile(train.file("head.onnx")), { threads: 1 });
  const predictions: Predictions = {
    classes: new Int32Array(photos.count),
    probabilities: new Float32Array(photos.count),
  };
  for await (const { photos: names, rows } of cleanViews(embed)) {
    const features = {
      type: "float32",
      dims: [names.length, rows.length / names.length],
      data: rows,
    } as const;
    const { logits } = await head.run({ features }, ["logits"]);
    const scores = logits?.data as Float32Array;
    const classes = scores.length / names.length;
    for (const [i, sha256] of names.entries()) {
      const { best, probability } = answerOf(scores.subarray(i * classes, (i + 1) * classes));
      for (const row of rowsOf.get(sha256) ?? []) {
        predictions.classes[row] = best;
        predictions.probabilities[row] = probability;
      }
    }
  }
  await head.close();
  return predictions;
}

/** The class with the highest score, and its share in the softmax of all. */
function answerOf(scores: Float32Array): { best: number; probability: number } {
  let best = 0;
  scores.forEach((score, i) => {
    if (score > (scores[best] as number)) best = i;
  });
  const highest = scores[best] as number;
  const sum = scores.reduce((total, score) => total + Math.exp(score - highest), 0);
  return { best, probability: 1 / sum };
}
