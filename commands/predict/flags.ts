import { unexpected } from "../../shared/errors.ts";
import type { TestTimeAugmentation } from "../../shared/predictor/asked-views.ts";

/** @throws PipelineError `usage` where a flag's text is no whole number from 1 */
export function wholeNumber(flag: string, text: string, expected = "a whole number from 1"): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw unexpected("usage", { where: "predict", expected, subject: flag, got: text });
}

/** What `--tta` asks for. */
export function augmentationIn(text: string): TestTimeAugmentation {
  return text === "flip" ? text : wholeNumber("--tta", text, '"flip" or a number of views');
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
