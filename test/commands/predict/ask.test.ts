import { expect, test } from "vitest";
import { answersTo } from "../../../commands/predict/ask.ts";
import { predictionOf } from "../../../shared/predictor/prediction.ts";

const prediction = predictionOf(Float64Array.of(1), ["cat"]);

test("photos that need not be tried have their reasons in between, and are not tried", async () => {
  const tried: string[] = [];
  const predictor = {
    async *predictMany(photos: Iterable<string>) {
      for (const photo of photos) {
        await Promise.resolve(tried.push(photo));
        yield { photo, prediction };
      }
    },
  };
  const unreadable = "a pipe, socket or device";
  const photos = [
    { id: "1", file: "x/1", unreadable },
    { id: "2", file: "x/2" },
    { id: "3", file: "x/3", unreadable },
  ];
  const answers = [];
  for await (const { id, prediction: answer, error } of answersTo(photos, predictor, {}))
    answers.push([id, answer?.label ?? error?.message]);
  const refused = (file: string) =>
    `predict: expected a photo that can be decoded for "${file}" but got ${unreadable}`;
  expect(answers).toEqual([
    ["1", refused("x/1")],
    ["2", "cat"],
    ["3", refused("x/3")],
  ]);
  expect(tried).toEqual(["x/2"]);
});
