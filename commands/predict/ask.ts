import { unexpected } from "../../shared/errors.ts";
import type { Predicted, PredictManyOptions } from "../../shared/predictor/predictor.ts";
import type { Answered } from "./answers.ts";
import type { AskedPhoto } from "./photos.ts";

/** Who answers: a `Predictor`. */
interface Asked {
  predictMany(photos: Iterable<string>, options: PredictManyOptions): AsyncGenerator<Predicted<string>>;
}

/**
 * Every photo's answer, in their order. What cannot be opened for a reason that is known is not
 * tried.
 */
export async function* answersTo(
  photos: readonly AskedPhoto[],
  predictor: Asked,
  options: PredictManyOptions,
): AsyncGenerator<Answered> {
  const tried = photos.flatMap(({ file, unreadable }) => (unreadable === undefined ? [file] : []));
  const predicted = predictor.predictMany(tried, options);
  try {
    for (const { id, file, unreadable: got } of photos) {
      if (got !== undefined) {
        const expected = "a photo that can be decoded";
        const error = unexpected("data", { where: "predict", expected, subject: file, got });
        yield { id, prediction: null, error };
        continue;
      }
      const next = await predicted.next();
      if (next.done === true) throw new Error("every photo has an answer");
      const { prediction = null, error = null } = next.value;
      yield { id, prediction, error };
    }
  } finally {
    await predicted.return(undefined);
  }
}
