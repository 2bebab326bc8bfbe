import { expect, it } from "vitest";
import {
  count,
  decimal,
  duration,
  percent,
  percentRange,
  signed,
} from "../../../../stages/report/page/numbers.ts";

it("writes shares as percentages that are not broken at their blank", () => {
  expect(percent(0.89123)).toBe("89.1\u00a0%");
  expect(percent(1, 0)).toBe("100\u00a0%");
  expect(percentRange({ low: 0.854, high: 0.9196 })).toBe("85.4\u00a0–\u00a092.0\u00a0%");
});

it("writes a dash where there is nothing to say", () => {
  expect([
    percent(null),
    percent(Number.NaN),
    decimal(Number.NaN),
    count(Number.NaN),
    duration(Number.NaN),
  ]).toEqual(["–", "–", "–", "–", "–"]);
});

it("writes differences with a sign of the same width", () => {
  expect([signed(1.25, 2), signed(-0.4), signed(0.04), signed(-0.04)]).toEqual([
    "+1.25",
    "−0.4",
    "±0.0",
    "±0.0",
  ]);
});

it("writes times in the two largest units", () => {
  expect([duration(4.21), duration(59.96), duration(200), duration(3599.7), duration(7500)]).toEqual([
    "4.2 s",
    "60.0 s",
    "3 min 20 s",
    "1 h 0 min",
    "2 h 5 min",
  ]);
});
