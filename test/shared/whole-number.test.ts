import { expect, test } from "vitest";
import { wholeNumber } from "../../shared/whole-number.ts";

test("a whole number from the least one is taken, anything else is an error of the command that asks", () => {
  expect(wholeNumber("--top", "5", { where: "predict" })).toBe(5);
  expect(wholeNumber("--seed", "0", { where: "classify", least: 0 })).toBe(0);
  expect(() => wholeNumber("--top", "0", { where: "predict" })).toThrow(
    'predict: expected a whole number from 1 for "--top" but got 0',
  );
  expect(() => wholeNumber("--folds", "1", { where: "classify", least: 2 })).toThrow(
    'classify: expected a whole number from 2 for "--folds" but got 1',
  );
  for (const text of ["", " ", "1.5", "many"])
    expect(() => wholeNumber("--seed", text, { where: "classify", least: 0 })).toThrow(
      "a whole number from 0",
    );
});
