import { describe, expect, it } from "vitest";
import { mcnemarExact } from "../../shared/mcnemar.ts";

describe("mcnemarExact", () => {
  it.each([
    // SciPy 1.17: binomtest(min(b, c), b + c, 0.5).pvalue
    [0, 0, 1],
    [1, 0, 1],
    [0, 6, 0.03125],
    [5, 12, 0.143463134765625],
    [25, 10, 0.016673847800120715],
    [3, 3, 1],
    [30, 80, 2.0183787682242732e-6],
  ])("of %i against %i is SciPy's two-sided binomial test", (b, c, p) => {
    expect(mcnemarExact(b, c)).toBeCloseTo(p, 14);
  });

  it("holds for more photos than 2^-n has room for", () => {
    expect(mcnemarExact(2000, 2000)).toBe(1);
    expect(mcnemarExact(1900, 2100)).toBeCloseTo(0.0016492663751357246, 12);
  });
});
