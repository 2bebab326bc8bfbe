import { expect, test } from "vitest";
import type { SubmissionAnswer } from "../../../commands/predict/answer-columns.ts";
import type { Answered } from "../../../commands/predict/answers.ts";
import { filledSample, plainSubmission } from "../../../commands/predict/submission-table.ts";
import { unexpected } from "../../../shared/errors.ts";
import { predictionOf } from "../../../shared/predictor/prediction.ts";

const labels = ["bird", "cat", "dog"];
const prediction = predictionOf(Float64Array.of(0.25, 0.0625, 0.6875), labels);
const answered: Answered = { id: "1", prediction, error: null };
const unreadable: Answered = {
  id: "2",
  prediction: null,
  error: unexpected("data", { where: "predict", expected: "a photo", subject: "2.jpg", got: "none" }),
};

const classes = ["dog", "bird", "cat"];
const even = ["0.333333333", "0.333333333", "0.333333333"];

test.each<[SubmissionAnswer, string[], string[], string[]]>([
  [{ kind: "probabilities", classes }, classes, ["0.6875", "0.25", "0.0625"], even],
  [{ kind: "probability", positive: "bird" }, ["bird"], ["0.25"], ["0.333333333"]],
  [{ kind: "label" }, ["label"], ["dog"], [""]],
  [{ kind: "number" }, ["label"], ["2"], [""]],
])("without a sample, %j is told of each photo", (answer, columns, cells, instead) => {
  const { head, row } = plainSubmission(answer, labels);
  expect(head).toEqual(["id", ...columns]);
  expect(row(answered, 0)).toEqual(["1", ...cells]);
  expect(row(unreadable, 1)).toEqual(["2", ...instead]);
});

test("a sample is filled in, and everything else in it stays", () => {
  const table = {
    ...{ file: "sample.csv", delimiter: ";", head: ["", "kind", "file"] },
    rows: [
      ["0", "cat", "1.jpg"],
      ["1", "cat", "2.jpg"],
    ],
  };
  const sample = { table, columns: [1], photos: [], remarks: [], answer: { kind: "label" } as const };
  const { head, row, delimiter, unreadable: instead } = filledSample(sample, labels);
  expect({ head, delimiter }).toEqual({ head: table.head, delimiter: ";" });
  expect(row(answered, 0)).toEqual(["0", "dog", "1.jpg"]);
  expect(row(unreadable, 1)).toEqual(["1", "cat", "2.jpg"]);
  expect(instead).toBe("given what the sample has");
});
