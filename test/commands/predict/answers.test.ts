import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { plainSubmission } from "../../../commands/predict/submission-table.ts";
import { type Answered, answerJson, csvLine, likeliestTable } from "../../../commands/predict/answers.ts";
import { unexpected } from "../../../shared/errors.ts";
import { predictionOf } from "../../../shared/predictor/prediction.ts";
import { randomFor } from "../../../shared/random.ts";

const labels = ["a, b", "cat", "dog"];
const prediction = predictionOf(Float64Array.of(0.25, 0.0625, 0.6875), labels);
const answered: Answered = { id: "x/1.jpg", prediction, error: null };
const unreadable: Answered = {
  id: "2.jpg",
  prediction: null,
  error: unexpected("data", {
    where: "predict",
    expected: "a photo",
    subject: "2.jpg",
    got: "an end, too early",
  }),
};

test("a row has the likeliest classes in order, and reads back as CSV", () => {
  const { head, row, delimiter } = likeliestTable(2);
  const rows = [head, row(answered, 0), row(unreadable, 1)];
  const text = rows.map((cells) => csvLine(cells, delimiter)).join("");
  expect(parse(text, { columns: true })).toEqual([
    { id: "x/1.jpg", label: "dog", probability: "0.6875", label_2: "a, b", probability_2: "0.25", error: "" },
    { id: "2.jpg", label: "", probability: "", label_2: "", probability_2: "", error: "an end, too early" },
  ]);
});

test("rows of 120 classes add up to 1 within 1e-6, and no probability above 0 is printed as 0", () => {
  const names = Array.from({ length: 120 }, (_, i) => `class ${i}`);
  const random = randomFor("probabilities");
  const scores = names.map(() => Math.exp(25 * random()));
  const sum = scores.reduce((total, score) => total + score, 0);
  const many = predictionOf(
    Float64Array.from(scores, (score) => Math.fround(score / sum)),
    names,
  );
  const cells = plainSubmission({ kind: "probabilities", classes: names }, names)
    .row({ id: "1", prediction: many, error: null }, 0)
    .slice(1)
    .map(Number);
  expect(Math.abs(cells.reduce((total, cell) => total + cell, 0) - 1)).toBeLessThan(1e-6);
  expect(Math.min(...cells)).toBeGreaterThan(0);
});

test("for machines, a photo has its likeliest classes, or why it could not be read", () => {
  expect(answerJson(answered, 1)).toEqual({
    id: "x/1.jpg",
    label: "dog",
    probability: 0.6875,
    probabilities: [{ label: "dog", probability: 0.6875 }],
  });
  expect(answerJson(unreadable, 1)).toEqual({ id: "2.jpg", error: "an end, too early" });
});
