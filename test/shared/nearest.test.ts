import { expect, test } from "vitest";
import { nearest } from "../../shared/nearest.ts";

test("the nearest name is found, and none where nothing is near", () => {
  expect(nearest("--vews", ["--views", "--lr", "--seed"])).toBe("--views");
  expect(nearest("--learning-rate", ["--views", "--lr"])).toBeNull();
});
