import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { IndexedPhotos, Split } from "../../../shared/photos.ts";
import { permutation, randomFor } from "../../../shared/random.ts";
import { foldsOf, withFoldHeldOut } from "../../../stages/train/folds.ts";

const name = (i: number) => createHash("sha256").update(String(i)).digest("hex");

/** Photos of three classes of 31, 20 and 6. */
const photos = Array.from({ length: 57 }, (_, i) => ({
  group: name(i),
  label: i < 31 ? 0 : i < 51 ? 1 : 2,
}));

function countsIn(fold: number, folds: Uint32Array): number[] {
  return [0, 1, 2].map(
    (label) => photos.filter((photo, i) => photo.label === label && folds[i] === fold).length,
  );
}

test("every fold has its share of every class, to within one photo", () => {
  const folds = foldsOf(photos, 5, 0);
  const counts = [0, 1, 2, 3, 4].map((fold) => countsIn(fold, folds));
  for (const [label, all] of [31, 20, 6].entries())
    for (const count of counts) expect(Math.abs((count[label] ?? NaN) - all / 5)).toBeLessThan(1);
  const sizes = counts.map((count) => count.reduce((sum, one) => sum + one));
  expect(Math.max(...sizes) - Math.min(...sizes)).toBe(1);
});

test("a photo's fold does not depend on the order in which photos are listed", () => {
  const order = permutation(photos.length, randomFor("a shuffled listing"));
  const shuffled = Array.from(order, (row) => photos[row] as (typeof photos)[number]);
  const folds = foldsOf(photos, 4, 7);
  expect([...foldsOf(shuffled, 4, 7)]).toEqual(Array.from(order, (row) => folds[row]));
});

test("another seed gives other folds", () => {
  expect(foldsOf(photos, 4, 1)).not.toEqual(foldsOf(photos, 4, 2));
});

test("photos of one group stay together, under several labels too", () => {
  const twins = [...photos, { group: name(3), label: 2 }, { group: name(3), label: 0 }];
  const folds = foldsOf(twins, 5, 0);
  expect([folds[57], folds[58]]).toEqual([folds[3], folds[3]]);
});

interface Row {
  readonly sha256: string;
  readonly label: number;
  readonly split: Split | null;
  readonly group?: string;
}

function indexed(rows: readonly Row[]): IndexedPhotos {
  return {
    count: rows.length,
    ids: rows.map((_, i) => String(i)),
    paths: rows.map((_, i) => String(i)),
    sha256s: rows.map(({ sha256 }) => sha256),
    classes: ["ant", "bee"],
    labels: Int32Array.from(rows, ({ label }) => label),
    splits: rows.map(({ split }) => split),
    perceptualHashes: rows.map(() => "0000000000000000"),
    groups: rows.map(({ group }) => group ?? null),
  };
}

test("every training photo is held out in one fold, and the given validation part in none", () => {
  const given = (i: number): Split => (i % 7 === 0 ? "validation" : i % 7 === 1 ? "test" : "train");
  const rows = Array.from({ length: 42 }, (_, i) => ({ sha256: name(i), label: i % 2, split: given(i) }));
  const parts = ["1/3", "2/3", "3/3"].map((fold) => withFoldHeldOut(indexed(rows), fold, 0).splits);
  for (const [i, { split }] of rows.entries()) {
    const inFolds = parts.map((splits) => splits[i]);
    if (split === "train") expect(inFolds.sort()).toEqual(["train", "train", "validation"]);
    else expect(inFolds).toEqual(Array(3).fill(split === "test" ? "test" : null));
  }
});

test("an unlabelled photo is in no fold", () => {
  const rows = Array.from({ length: 8 }, (_, i) => ({
    sha256: name(i),
    label: i === 5 ? -1 : i % 2,
    split: i === 5 ? null : ("train" as const),
  }));
  expect(withFoldHeldOut(indexed(rows), "1/2", 0).splits[5]).toBeNull();
  expect(withFoldHeldOut(indexed(rows), "2/2", 0).splits[5]).toBeNull();
});

test("more folds than photos are an error", () => {
  const rows = [0, 1, 2].map((i) => ({ sha256: name(i), label: 0, split: "train" as const }));
  expect(() => withFoldHeldOut(indexed(rows), "4/4", 0)).toThrow(
    'train: expected at least as many photos to train on as folds for "fold 4/4" but got 3 photos',
  );
});

test("a group of photos is held out as a whole", () => {
  const rows = Array.from({ length: 60 }, (_, i) => ({
    ...{ sha256: name(i), label: i % 2, split: "train" as const },
    ...(i % 5 < 3 ? { group: `group ${Math.floor(i / 5)}` } : {}),
  }));
  for (const fold of ["1/3", "2/3", "3/3"]) {
    const { splits } = withFoldHeldOut(indexed(rows), fold, 0);
    const sides = (group: number) => new Set([0, 1, 2].map((member) => splits[group * 5 + member]));
    expect(Array.from({ length: 12 }, (_, group) => sides(group).size)).toEqual(Array(12).fill(1));
    expect(splits.filter((split) => split === "validation").length).toBeGreaterThan(10);
  }
});
