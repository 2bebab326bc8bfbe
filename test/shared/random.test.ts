import { expect, test } from "vitest";
import { permutation, randomFor } from "../../shared/random.ts";

test("a stream follows from its parts alone", () => {
  const first = Array.from({ length: 5 }, randomFor(0, "photo", 1));
  expect(Array.from({ length: 5 }, randomFor(0, "photo", 1))).toEqual(first);
  expect(Array.from({ length: 5 }, randomFor(0, "photo", 2))).not.toEqual(first);
});

test("numbers are uniform in [0, 1)", () => {
  const random = randomFor("uniform");
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i++) {
    const tenth = Math.floor(random() * 10);
    counts[tenth] = (counts[tenth] ?? NaN) + 1;
  }
  // Chi-squared with 9 degrees of freedom: above 27.9 once in a thousand streams.
  const chiSquared = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  expect(chiSquared).toBeLessThan(27.9);
});

test("a permutation has every number once, and every number is as often first", () => {
  expect([...permutation(20, randomFor("order"))].sort((a, b) => a - b)).toEqual(
    Array.from({ length: 20 }, (_, i) => i),
  );
  const firsts = new Array<number>(4).fill(0);
  for (let i = 0; i < 4000; i++) {
    const first = permutation(4, randomFor("first", i))[0] ?? 0;
    firsts[first] = (firsts[first] ?? NaN) + 1;
  }
  for (const count of firsts) expect(Math.abs(count - 1000)).toBeLessThan(120);
});
