import { expect, test } from "vitest";
import { isAtLeast, oldestNode } from "../../../commands/machine/node.ts";

test("versions are compared number by number", () => {
  expect(isAtLeast("v20.19.0", "20.19")).toBe(true);
  expect(isAtLeast("v22.0.0", "20.19")).toBe(true);
  expect(isAtLeast("v20.9.0", "20.19")).toBe(false);
  expect(isAtLeast("v18.20.8", "20.19")).toBe(false);
});

test("this Node is new enough for these tests", () => {
  expect(isAtLeast(process.version, oldestNode())).toBe(true);
});
