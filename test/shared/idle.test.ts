import { expect, test } from "vitest";
import { wereIdle } from "../../shared/idle.ts";

test("cores are idle where others take less than a fifth of their time", () => {
  const before = { busy: 1000, idle: 5000 };
  expect(wereIdle(before, { busy: 1010, idle: 5090 })).toBe(true);
  expect(wereIdle(before, { busy: 1100, idle: 5100 })).toBe(false);
  // A clock that did not move tells nothing.
  expect(wereIdle(before, before)).toBe(false);
});
