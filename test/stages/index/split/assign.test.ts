import { describe, expect, it } from "vitest";
import type { LabelledRow, Split } from "../../../../stages/index/row.ts";
import { assignedSplits, type SplitConfig } from "../../../../stages/index/split/assign.ts";
import { byCodePoint } from "../../../../shared/code-points.ts";
import { conflictingRows, duplicatesTogether } from "../../../../stages/index/split/duplicates.ts";
import { groupedSplit } from "../../../../stages/index/split/groups.ts";
import { isValidationByHash } from "../../../../stages/index/split/hash.ts";
import { sampled } from "../../../../stages/index/split/sample.ts";
import { stratifiedSplit } from "../../../../stages/index/split/stratified.ts";

const usual: SplitConfig = { split: "stratified", valFraction: 0.2, splitSeed: 0 };

function row(i: number, label: string, given: Split | null = null, group: string | null = null): LabelledRow {
  return { id: String(i), path: `${i}.jpg`, label, given, group, problem: null };
}

const rowsOf = (count: number, classes: number, given: Split | null = null) =>
  Array.from({ length: count }, (_, i) => row(i, `class ${i % classes}`, given));

const count = <Value>(values: readonly Value[], value: Value) => values.filter((one) => one === value).length;

describe("the parts of a set", () => {
  it("are scikit-learn's split where none is given", () => {
    const rows = rowsOf(100, 4);
    const expected = stratifiedSplit(
      rows.map(({ label }) => label),
      0.2,
      0,
    );
    expect(assignedSplits(rows, usual)).toEqual(expected.map((is) => (is ? "validation" : "train")));
  });

  it("are kept where validation is given, a row without one counting as train", () => {
    const rows = [row(0, "a", "validation"), row(1, "a"), row(2, "b", "train"), row(3, "b", "test")];
    expect(assignedSplits(rows, usual)).toEqual(["validation", "train", "train", "test"]);
  });

  it("have a validation made of train where train and test alone are given", () => {
    const train = rowsOf(50, 2, "train");
    const rows = [row(100, "class 0", "test"), ...train, row(101, "class 1", "test")];
    const parts = assignedSplits(rows, usual);
    expect([parts.at(0), parts.at(-1)]).toEqual(["test", "test"]);
    expect(parts.slice(1, -1)).toEqual(assignedSplits(rowsOf(50, 2), usual));
  });

  it("wait for the photos' bytes with --split hash, but for a given test part", () => {
    const parts = assignedSplits([row(0, "a"), row(1, "a", "test")], { ...usual, split: "hash" });
    expect(parts).toEqual([null, "test"]);
  });

  it("have a validation photo of each class of two or more where scikit-learn makes no split", () => {
    const rows = [...rowsOf(15, 3), row(15, "axolotl")];
    const parts = assignedSplits(rows, { ...usual, valFraction: 0.1 });
    const ofValidation = rows.filter((_, i) => parts[i] === "validation").map(({ label }) => label);
    expect(ofValidation.sort()).toEqual(["class 0", "class 1", "class 2"]);
  });

  it("give a rare class a validation photo with --split per-class, which scikit-learn's split leaves without", () => {
    const rows = [...rowsOf(120, 1), ...Array.from({ length: 3 }, (_, i) => row(120 + i, "rare"))];
    const rare = (split: SplitConfig["split"]) =>
      assignedSplits(rows, { split, valFraction: 0.1, splitSeed: 0 })
        .slice(120)
        .filter((part) => part === "validation").length;
    expect([rare("stratified"), rare("per-class")]).toEqual([0, 1]);
  });

  it("of a class by itself do not depend on what other classes there are", () => {
    const own = rowsOf(20, 1);
    const parts = (rows: readonly LabelledRow[]) =>
      assignedSplits(rows, { ...usual, split: "per-class" }).slice(0, 20);
    expect(parts(own)).toEqual(parts([...own, row(20, "other"), row(21, "other")]));
    expect(count(parts(own), "validation")).toBe(4);
  });
});

describe("a split of groups", () => {
  it("keeps each on one side, the classes' shares near the fraction", () => {
    const rows = Array.from({ length: 600 }, (_, i) =>
      row(i, `class ${i % 3}`, null, `group ${Math.floor(i / 3) % 90}`),
    );
    for (const splitSeed of [0, 1, 2]) {
      const parts = assignedSplits(rows, { ...usual, splitSeed });
      const sides = new Map<string | null, Set<Split | null>>();
      rows.forEach(({ group }, i) => sides.set(group, (sides.get(group) ?? new Set()).add(parts[i] ?? null)));
      expect([...sides.values()].every((side) => side.size === 1)).toBe(true);
      for (const name of ["class 0", "class 1", "class 2"]) {
        const here = parts.filter((_, i) => rows[i]?.label === name);
        expect(Math.abs(count(here, "validation") - 40)).toBeLessThanOrEqual(2);
      }
    }
  });

  it("takes the wanted number of each class where there are no groups but rows of their own", () => {
    const labels = rowsOf(100, 2).map(({ label }) => label);
    const is = groupedSplit(
      labels,
      labels.map(() => null),
      0.1,
      7,
    );
    expect(labels.filter((label, i) => is[i] === true && label === "class 0")).toHaveLength(5);
    expect(is.filter(Boolean)).toHaveLength(10);
  });

  it("leaves a group that holds most of a class in training", () => {
    const labels = Array.from({ length: 40 }, () => "a");
    const groups = labels.map((_, i) => (i < 30 ? "large" : null));
    for (const seed of [0, 1, 2, 3]) {
      const is = groupedSplit(labels, groups, 0.1, seed);
      expect(is.slice(0, 30).some(Boolean)).toBe(false);
      expect(is.filter(Boolean)).toHaveLength(4);
    }
  });
});

describe("the split by hash", () => {
  it("takes about the fraction, by a photo's name and the seed alone", () => {
    const names = Array.from({ length: 2000 }, (_, i) => `photo ${i}`);
    const is = names.map((name) => isValidationByHash(name, 0.1, 0));
    expect(Math.abs(count(is, true) - 200)).toBeLessThan(50);
    expect(names.map((name) => isValidationByHash(name, 0.1, 0))).toEqual(is);
    expect(names.map((name) => isValidationByHash(name, 0.1, 1))).not.toEqual(is);
    expect(names.every((name, i) => !is[i] || isValidationByHash(name, 0.2, 0))).toBe(true);
  });
});

describe("a sample", () => {
  const candidates = (given: Split | null) =>
    rowsOf(1000, 10).map((one, i) => ({
      row: one,
      split: i % 10 === i % 100 ? ("validation" as const) : given,
    }));

  it("spreads over classes and parts, in listed order, and a larger one holds a smaller one", () => {
    const all = candidates("train");
    const few = sampled(all, 100);
    expect(few).toHaveLength(100);
    expect(few.map(({ row: { id } }) => Number(id))).toEqual(
      few.map(({ row: { id } }) => Number(id)).sort((a, b) => a - b),
    );
    for (let i = 0; i < 10; i++) {
      const here = few.filter(({ row: { label } }) => label === `class ${i}`);
      expect(here.map(({ split }) => split).sort()).toEqual([
        ...Array<string>(9).fill("train"),
        "validation",
      ]);
    }
    const more = new Set(sampled(all, 300));
    expect(few.every((one) => more.has(one))).toBe(true);
  });

  it("keeps every class in training and something to check on, however small", () => {
    const few = sampled(candidates("train"), 3);
    expect(
      new Set(few.filter(({ split }) => split === "train").map(({ row: { label } }) => label)).size,
    ).toBe(10);
    expect(few.filter(({ split }) => split === "validation")).toHaveLength(1);
  });

  it("is everything where the limit is 0 or not reached", () => {
    expect(sampled(candidates(null), 0)).toHaveLength(1000);
    expect(sampled(candidates(null), 2000)).toHaveLength(1000);
  });
});

describe("duplicates", () => {
  const placed = (i: number, sha256: string | null, split: Split | null, label = "a") => ({
    ...row(i, label),
    sha256,
    split,
  });

  it("go to the side of the first labelled of them", () => {
    const rows = [
      placed(0, "x", null),
      placed(1, "x", "validation"),
      placed(2, "x", "train"),
      placed(3, "y", "train"),
      placed(4, null, "train"),
      placed(5, null, "validation"),
      placed(6, "x", "validation"),
    ];
    const { rows: together, duplicates, moved } = duplicatesTogether(rows);
    expect(together.map(({ split }) => split)).toEqual([
      null,
      "validation",
      "validation",
      "train",
      "train",
      "validation",
      "validation",
    ]);
    expect([duplicates, moved]).toEqual([3, 1]);
  });

  it("conflict where their labels differ", () => {
    const rows = [
      placed(0, "x", "train", "a"),
      placed(1, "y", "train", "a"),
      placed(2, "x", "train", "b"),
      placed(3, "y", "train", "a"),
      placed(4, null, "train", "c"),
      placed(5, null, "train", "d"),
    ];
    expect(conflictingRows(rows).map(({ id }) => id)).toEqual(["0", "2"]);
  });
});

describe("the order of classes", () => {
  it("is Python's: by code points, not by UTF-16 units", () => {
    expect(["\u{1f415}", "\uff21", "b", "a", "ab", "B", "\ud7ff"].sort(byCodePoint)).toEqual([
      "B",
      "a",
      "ab",
      "b",
      "\ud7ff",
      "\uff21",
      "\u{1f415}",
    ]);
  });
});
