import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { randomState } from "../../../../stages/index/split/random-state.ts";
import { approximateMode, canStratify, stratifiedSplit } from "../../../../stages/index/split/stratified.ts";

interface Goldens {
  readonly draws: { readonly seed: number; readonly permutation: number[]; readonly choice: number[] };
  readonly lists: readonly {
    readonly name: string;
    readonly labels: string[];
    readonly splits: readonly { fraction: number; seed: number; validation: number[] }[];
  }[];
}

/** Made by scripts/make-split-goldens.py. */
const goldens = JSON.parse(
  readFileSync(new URL("../golden/stratified-splits.json", import.meta.url), "utf8"),
) as Goldens;

const rowsOf = (isValidation: readonly boolean[]) => isValidation.flatMap((is, row) => (is ? [row] : []));

describe("the stratified split", () => {
  for (const { name, labels, splits } of goldens.lists)
    it(`is scikit-learn's, row for row: ${name}`, () => {
      expect(splits.length).toBeGreaterThan(4);
      for (const { fraction, seed, validation } of splits)
        expect(rowsOf(stratifiedSplit(labels, fraction, seed)), `${fraction}, seed ${seed}`).toEqual(
          validation,
        );
    });

  it.each([
    ["a class of one photo", ["cat", "cat", "axolotl"], 0.5],
    [
      "a validation part with fewer photos than there are classes",
      ["a", "a", "b", "b", "c", "c", "d", "d"],
      0.1,
    ],
    [
      "a training part with fewer photos than there are classes",
      ["a", "a", "b", "b", "c", "c", "d", "d"],
      0.9,
    ],
  ])("is not made of %s, as scikit-learn refuses it", (_, labels, fraction) => {
    expect(canStratify(labels, fraction)).toBe(false);
    expect(() => stratifiedSplit(labels, fraction, 0)).toThrow(RangeError);
  });
});

describe("the random state", () => {
  it("permutes and chooses as NumPy's RandomState does", () => {
    const { seed, permutation, choice } = goldens.draws;
    const random = randomState(seed);
    expect([...random.permutation(1000)]).toEqual(permutation);
    expect(random.choice([3, 5, 8, 13, 21], 3)).toEqual(choice);
  });

  it("draws the largest interval and the smallest", () => {
    const random = randomState(5);
    expect(random.interval(0)).toBe(0);
    const draws = Array.from({ length: 100 }, () => random.interval(0xffff_ffff));
    expect(Math.max(...draws)).toBeGreaterThan(0x8000_0000);
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
  });
});

describe("the approximate mode", () => {
  it.each([
    { counts: [4, 2], draws: 3, seed: 0, expected: [2, 1] },
    { counts: [5, 2], draws: 4, seed: 0, expected: [3, 1] },
    { counts: [2, 2, 2, 1], draws: 2, seed: 0, expected: [0, 1, 1, 0] },
    { counts: [2, 2, 2, 1], draws: 2, seed: 42, expected: [1, 1, 0, 0] },
  ])(
    "of $draws draws from $counts is scikit-learn's own example (seed $seed)",
    ({ counts, draws, seed, expected }) => {
      expect(approximateMode(counts, draws, randomState(seed))).toEqual(expected);
    },
  );
});
