import { expect, it } from "vitest";
import { newArena } from "../../../shared/image/arena.ts";

it("gives out pieces that do not overlap, keeps their bytes when it grows, and takes them back as a stack", () => {
  const arena = newArena();
  const first = arena.take(5);
  const mark = arena.mark();
  const second = arena.take(100_000);
  expect(second).toBeGreaterThanOrEqual(first + 5);
  expect(second % 16).toBe(0);
  arena.bytes().fill(7, first, first + 5);
  arena.bytes().fill(8, second, second + 100_000);
  const third = arena.take(1_000_000);
  arena.bytes().fill(9, third, third + 1_000_000);
  expect(new Set(arena.bytes().subarray(first, first + 5))).toEqual(new Set([7]));
  expect(new Set(arena.bytes().subarray(second, second + 100_000))).toEqual(new Set([8]));
  arena.release(mark);
  expect(arena.take(1)).toBe(second);
});
