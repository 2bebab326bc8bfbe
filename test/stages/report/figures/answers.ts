import type { AnsweredPhotos } from "../../../../stages/report/figures/answered.ts";

/** Photos with made-up answers, in rows 100, 101, … of the index. */
export function answered(labels: readonly number[], answers: readonly (readonly number[])[]): AnsweredPhotos {
  return {
    rows: Int32Array.from(labels, (_, photo) => 100 + photo),
    labels: Int32Array.from(labels),
    probabilities: Float32Array.from(answers.flat()),
    classes: answers[0]?.length ?? 0,
  };
}
