import { unexpected } from "../../shared/errors.ts";
import type { TestTimeAugmentation } from "../../shared/predictor/asked-views.ts";
import { wholeNumber } from "../../shared/whole-number.ts";

/** What `--tta` asks for. */
export function augmentationIn(text: string): TestTimeAugmentation {
  return text === "flip"
    ? text
    : wholeNumber("--tta", text, { where: "predict", expected: '"flip" or a number of views' });
}

export type Format = "csv" | "kaggle";

/**
 * The form of the answers: what is asked for, and Kaggle's where a sample submission is given.
 *
 * @throws PipelineError `usage` where the two contradict each other
 */
export function formatIn(format: Format | undefined, sample: string | undefined): Format {
  if (format !== "csv" || sample === undefined) return format ?? (sample === undefined ? "csv" : "kaggle");
  throw unexpected("usage", {
    where: "predict",
    expected: "--format kaggle",
    subject: "--sample-submission",
    got: "--format csv",
  });
}
