import { createNpy } from "../../shared/arrow/npy.ts";
import { softmaxRows } from "../../shared/calibration/softmax.ts";
import { PipelineError } from "../../shared/errors.ts";
import type { IndexedPhotos } from "../../shared/photos.ts";
import type { StageContext } from "../../shared/stage.ts";
import { type Answers, answersOf } from "./answers.ts";
import { addPredictions, noPredictions, type Predictions } from "./predictions.ts";
import type { ExportConfig } from "./run.ts";

/** The classifier's answers, noted down as they are asked for. */
export interface RecordedAnswers {
  readonly answers: AsyncIterable<Answers>;
  readonly predictions: Predictions;
  /** Asks for the answers that nobody has asked for, and ends the file. */
  finish(): Promise<void>;
}

/**
 * Answers of the trained network, whose calibrated probabilities of all classes go into an npy
 * file.
 *
 * @param rowsOf the index's rows of a photo
 */
export function recordAnswers(
  context: StageContext<ExportConfig>,
  file: string,
  photos: IndexedPhotos,
  rowsOf: ReadonlyMap<string, readonly number[]>,
): RecordedAnswers {
  const predictions = noPredictions(photos);
  const classes = photos.classes.length;
  const probabilities = createNpy(file, "float32", [photos.count, classes]);
  const answers = noting(answersOf(context), (answer) => {
    const stated = softmaxRows(answer.logits, classes);
    addPredictions(predictions, answer, stated, photos, rowsOf);
    for (const [i, sha256] of answer.photos.entries())
      for (const row of rowsOf.get(sha256) ?? [])
        probabilities.writeRows(row, stated.subarray(i * classes, (i + 1) * classes));
  });
  return {
    answers,
    predictions,
    async finish() {
      while ((await answers.next()).done !== true)
        if (context.signal.aborted) throw new PipelineError("interrupted", "export: stopped");
      await probabilities.finish();
    },
  };
}

async function* noting<Item>(items: AsyncIterable<Item>, note: (item: Item) => void): AsyncGenerator<Item> {
  for await (const item of items) {
    note(item);
    yield item;
  }
}
