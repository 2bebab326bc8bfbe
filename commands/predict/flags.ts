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

/** Flags that only Kaggle's form has a meaning for, by their names. */
export type KaggleFlags = Readonly<
  Record<"--sample-submission" | "--answers" | "--positive", string | undefined>
>;

/**
 * The form of the answers: what is asked for, and Kaggle's where a flag is given that only that
 * form knows.
 *
 * @throws PipelineError `usage` where the two contradict each other
 */
export function formatIn(format: Format | undefined, flags: KaggleFlags): Format {
  const [flag] = Object.entries(flags).find(([, value]) => value !== undefined) ?? [];
  if (format !== "csv" || flag === undefined) return format ?? (flag === undefined ? "csv" : "kaggle");
  throw unexpected("usage", {
    where: "predict",
    expected: "--format kaggle",
    subject: flag,
    got: "--format csv",
  });
}
