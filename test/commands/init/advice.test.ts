import { expect, test } from "vitest";
import { adviceFor } from "../../../commands/init/advice.ts";

const advised = (photos: number, confidence: number | null) => adviceFor({ photos, confidence }).unfreeze;

test("the more photos there are and the less they are like ImageNet's, the more is unfrozen", () => {
  expect(advised(100, 0.05)).toBe(0);
  expect(advised(600, 0.5)).toBe(0);
  expect(advised(600, 0.05)).toBe(2);
  expect(advised(3000, 0.5)).toBe(2);
  expect(advised(3000, 0.3)).toBe(4);
  expect(advised(3000, 0.05)).toBe(4);
});

test("where the network could not be asked, the photos count as near", () => {
  expect(adviceFor({ photos: 600, confidence: null })).toMatchObject({ unfreeze: 0, near: "unknown" });
});

test("without labels nothing is advised to be trained", () => {
  expect(adviceFor({ photos: 0, confidence: 0.5 })).toMatchObject({
    unfreeze: 0,
    why: expect.stringContaining("no photo has a label") as string,
  });
});
