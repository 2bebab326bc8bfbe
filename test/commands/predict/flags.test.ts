import { expect, test } from "vitest";
import { augmentationIn, formatIn } from "../../../commands/predict/flags.ts";

test("--tta is flip or a number of views", () => {
  expect(augmentationIn("flip")).toBe("flip");
  expect(augmentationIn("5")).toBe(5);
  expect(() => augmentationIn("flop")).toThrow(
    'expected "flip" or a number of views for "--tta" but got flop',
  );
});

const none = { "--sample-submission": undefined, "--answers": undefined, "--positive": undefined };

test("what only Kaggle's form knows means that form, and contradicts another", () => {
  expect(formatIn(undefined, none)).toBe("csv");
  expect(formatIn("kaggle", none)).toBe("kaggle");
  expect(formatIn(undefined, { ...none, "--sample-submission": "sample.csv" })).toBe("kaggle");
  expect(formatIn(undefined, { ...none, "--positive": "cat" })).toBe("kaggle");
  expect(() => formatIn("csv", { ...none, "--sample-submission": "sample.csv" })).toThrow(
    'for "--sample-submission" but got --format csv',
  );
  expect(() => formatIn("csv", { ...none, "--answers": "label" })).toThrow('for "--answers" but got');
});
