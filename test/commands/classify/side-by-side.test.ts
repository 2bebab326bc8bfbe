import { describe, expect, it } from "vitest";
import type { FeatureFile } from "../../../commands/classify/features.ts";
import { partsOf } from "../../../commands/classify/parts.ts";
import { sideBySide } from "../../../commands/classify/side-by-side.ts";
import { matrixOf } from "./golden.ts";

const first: FeatureFile = {
  path: "a.arrow",
  ids: ["x", "y", "z", "u"],
  labels: ["cat", "dog", "dog", null],
  splits: ["train", "train", "validation", null],
  predictions: ["cat", "dog", "cat", "cat"],
  features: matrixOf([[1], [2], [3], [4]]),
};
const second: FeatureFile = {
  path: "b.arrow",
  ids: ["z", "u", "x", "y"],
  labels: ["dog", null, "cat", "dog"],
  splits: ["validation", null, "train", "train"],
  predictions: [null, null, null, null],
  features: matrixOf([
    [30, 33],
    [40, 44],
    [10, 11],
    [20, 22],
  ]),
};

describe("features of several files", () => {
  it("stand beside each other, joined by id", () => {
    const joined = sideBySide([first, second]);
    expect([...joined.features.data]).toEqual([1, 10, 11, 2, 20, 22, 3, 30, 33, 4, 40, 44]);
    expect(joined.blocks).toEqual([1, 2]);
    expect(joined.predictions).toEqual(first.predictions);
  });

  it.each([
    ["a photo less", { ids: ["z", "u", "x"] }, /b\.arrow" but got 3 photos against 4/],
    ["another photo", { ids: ["z", "u", "x", "w"] }, /b\.arrow" but got no photo "y"/],
    ["another label", { labels: ["cat", null, "cat", "dog"] }, /got "z" as cat, not dog/],
    [
      "another split",
      { splits: ["train", null, "train", "train"] as const },
      /got "z" in train, not validation/,
    ],
  ])("are refused with %s", (_, change, message) => {
    const changed = { ...second, ...change };
    expect(() => sideBySide([first, changed])).toThrow(message);
    expect(() => sideBySide([first, changed])).toThrow(
      /classify: expected the photos, labels and splits of a\.arrow/,
    );
  });
});

describe("partsOf", () => {
  it("takes labelled rows by their split, and numbers the classes of training rows", () => {
    const parts = partsOf(sideBySide([first]), 2);
    expect(parts.classes).toEqual(["cat", "dog"]);
    expect([...parts.training.labels]).toEqual([0, 1]);
    expect([...parts.training.features.data]).toEqual([1, 2]);
    expect(parts.scored).toEqual([
      { name: "validation", rows: [2], labels: Int32Array.of(1), ofHead: Int32Array.of(0) },
    ]);
  });

  it("counts a class of which no training row is as none", () => {
    const parts = partsOf(sideBySide([{ ...first, labels: ["cat", "dog", "cow", null] }]), 2);
    expect([...(parts.scored[0]?.labels ?? [])]).toEqual([-1]);
  });

  it.each([
    [
      "one class",
      { labels: ["cat", "cat", "dog", null] },
      /photos of two classes or more for "the training part" but got only cat/,
    ],
    ["no labels", { labels: [null, null, null, null] }, /but got no labelled photo/],
  ])("says what is missing where there is %s", (_, change, message) => {
    expect(() => partsOf(sideBySide([{ ...first, ...change }]), 2)).toThrow(message);
  });

  it("asks for as many photos as folds", () => {
    expect(() => partsOf(sideBySide([first]), 3)).toThrow(
      /as many photos as folds .* but got 2 photos\n.*--folds/,
    );
  });
});
