import { expect, test } from "vitest";
import { augmentationIn, formatIn } from "../../../commands/predict/flags.ts";

test("--tta is flip or a number of views", () => {
  expect(augmentationIn("flip")).toBe("flip");
  expect(augmentationIn("5")).toBe(5);
  expect(() => augmentationIn("flop")).toThrow(
    'expected "flip" or a number of views for "--tta" but got flop',
  );
});

test("a sample submission means Kaggle's form, and contradicts another", () => {
  expect(formatIn(undefined, undefined)).toBe("csv");
  expect(formatIn("kaggle", undefined)).toBe("kaggle");
  expect(formatIn(undefined, "sample.csv")).toBe("kaggle");
  expect(() => formatIn("csv", "sample.csv")).toThrow('for "--sample-submission" but got --format csv');
});
