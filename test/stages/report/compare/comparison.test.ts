import { describe, expect, it } from "vitest";
import { compared, type Judgement } from "../../../../stages/report/compare/comparison.ts";

describe("compared", () => {
  const run = (name: string, guesses: Record<string, [truth: string, guess: string]>) => ({
    name,
    judgements: new Map(
      Object.entries(guesses).map(([sha256, [truth, guess]]): [string, Judgement] => [
        sha256,
        { truth, guess, probability: 0.9 },
      ]),
    ),
  });
  const own = run("own", {
    a: ["cat", "cat"],
    b: ["cat", "dog"],
    c: ["dog", "dog"],
    d: ["dog", "dog"],
    x: ["cat", "cat"],
  });
  const other = run("other", {
    a: ["cat", "dog"],
    b: ["cat", "dog"],
    c: ["dog", "dog"],
    d: ["cat", "cat"],
    y: ["dog", "cat"],
  });

  it("pairs the photos that both were validated on with the same label", () => {
    const both = compared(own, other, []);
    expect(both.photos).toBe(3);
    expect(both.validated).toEqual({ own: 5, other: 5 });
    expect([both.own.right, both.other.right]).toEqual([2, 1]);
    expect([both.bothRight, both.bothWrong]).toEqual([1, 1]);
    expect(both.onlyOwn.map(({ sha256 }) => sha256)).toEqual(["a"]);
    expect(both.onlyOther).toEqual([]);
    expect(both.pValue).toBe(1);
  });

  it("lists the classes with the greatest difference first", () => {
    expect(compared(own, other, []).classes).toEqual([
      { name: "cat", photos: 2, recall: 0.5, otherRecall: 0 },
      { name: "dog", photos: 1, recall: 1, otherRecall: 1 },
    ]);
  });
});
