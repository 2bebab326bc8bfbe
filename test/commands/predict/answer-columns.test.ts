import { describe, expect, test } from "vitest";
import {
  askedAnswer,
  type AnswersAsked,
  submissionAnswer,
} from "../../../commands/predict/answer-columns.ts";

const nothing: AnswersAsked = { answers: undefined, positive: undefined };
const breeds = ["beagle", "boxer", "pug"];
const pets = ["cat", "dog"];
const grades = ["0", "1", "2", "3", "4"];

const sampleOf = (columns: readonly string[], labels: readonly string[], values: readonly string[] = []) => ({
  ...{ file: "sample.csv", columns, values, labels },
});

test("a column a class takes probabilities, in the sample's order", () => {
  const columns = ["pug", "beagle", "boxer"];
  const answer = { kind: "probabilities", classes: columns };
  expect(submissionAnswer(sampleOf(columns, breeds, ["0"]), nothing)).toEqual(answer);
  expect(submissionAnswer(sampleOf(["dog", "cat"], pets), nothing)).toMatchObject({ kind: "probabilities" });
});

test.each([
  [["beagle", "pug"], /the model's 3 classes as columns.* but got one without a column for boxer/],
  [[...breeds, "husky", "corgi"], /but got one with columns the model has no class for: husky, corgi/],
  [["beagle", "husky"], /without a column for boxer, pug and with columns .* for: husky/],
  [[], /but got ids alone/],
])("the columns %j are other classes", (columns, message) => {
  expect(() => submissionAnswer(sampleOf(columns, breeds), nothing)).toThrow(message);
});

describe("one column", () => {
  test.each([
    ["numbers that are the model's classes", ["0", "3", "3"], grades],
    ["the same, as pandas writes them beside a gap", ["0.0", ""], grades],
    ["names", ["boxer", "pug"], breeds],
    ["names of two classes", ["cat"], pets],
    ["nothing", ["", ""], breeds],
  ])("with %s takes the likeliest class", (_, values, labels) => {
    expect(submissionAnswer(sampleOf(["label"], labels, values), nothing)).toEqual({ kind: "label" });
  });

  test.each([
    ["label", ["0"], pets],
    ["label", ["0.5"], pets],
    ["label", ["0"], ["0", "1"]],
    ["label", [""], pets],
    ["dog", ["0.5"], ["bird", "cat", "dog"]],
  ])(
    "%s with %j for the classes %j is a question, and the flags that decide are named",
    (name, values, labels) => {
      const asking = () => submissionAnswer(sampleOf([name], labels, values), nothing);
      expect(asking).toThrow(new RegExp(`the one column "${name}".* for the classes ${labels.join(", ")}\n`));
      expect(asking).toThrow(/\n {2}--positive '\w+': how likely .*\n {2}--answers label: /);
    },
  );

  test("with numbers for classes that have names says which number would be whose", () => {
    const asking = () => submissionAnswer(sampleOf(["label"], breeds, ["0", "2"]), nothing);
    expect(asking).toThrow(/in the column "label" for "sample.csv" but got numbers: 0, 2\n/);
    expect(asking).toThrow(/--answers number: its place, 0 for beagle, 1 for boxer, 2 for pug\n/);
  });

  test("with a number that no class has is a question where classes are numbers", () => {
    expect(() => submissionAnswer(sampleOf(["label"], grades, ["0.5"]), nothing)).toThrow(
      /but got numbers: 0\.5\n {2}--answers label: the likeliest class\n {2}--positive '0': how likely 0 is/,
    );
  });

  test("with other names is another competition's, unless a flag says otherwise", () => {
    const sample = sampleOf(["label"], breeds, ["husky"]);
    expect(() => submissionAnswer(sample, nothing)).toThrow(/but got husky\n {2}--answers label: /);
    expect(submissionAnswer(sample, { ...nothing, answers: "label" })).toEqual({ kind: "label" });
  });

  test("is what the flags say", () => {
    const sample = sampleOf(["label"], pets, ["0"]);
    const withFlags = (asked: Partial<AnswersAsked>) => submissionAnswer(sample, { ...nothing, ...asked });
    expect(withFlags({ positive: "dog" })).toEqual({ kind: "probability", positive: "dog" });
    expect(withFlags({ answers: "probability", positive: "cat" })).toMatchObject({ positive: "cat" });
    expect(withFlags({ answers: "label" })).toEqual({ kind: "label" });
    expect(withFlags({ answers: "number" })).toEqual({ kind: "number" });
  });
});

test.each([
  [
    { positive: "husky" },
    breeds,
    /one of the model's classes, beagle, boxer, pug, for "--positive" but got husky/,
  ],
  [{ answers: "probability" }, pets, /--positive CLASS with it .* but got no class\n.*cat, dog/],
  [
    { answers: "label", positive: "cat" },
    pets,
    /--answers probability for "--positive" but got --answers label/,
  ],
  [
    { answers: "number" },
    ["1", "2"],
    /expected label for "--answers" but got number, of classes that are numbers/,
  ],
] as const)("%j for %j contradicts itself", (asked, labels, message) => {
  expect(() => askedAnswer({ ...nothing, ...asked }, labels)).toThrow(message);
});

test("flags for one column contradict a column a class", () => {
  const asked = { ...nothing, positive: "cat" };
  expect(() => submissionAnswer(sampleOf(pets, pets), asked)).toThrow(
    'expected one column beside the ids for "--positive cat" but got 2, a column a class, in sample.csv',
  );
});
