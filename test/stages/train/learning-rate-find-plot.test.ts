import { expect, test } from "vitest";
import { curveOf } from "../../../stages/train/learning-rate-find-curve.ts";
import { svgPlot, textPlot } from "../../../stages/train/learning-rate-find-plot.ts";

/** From 1e-6 to 1: level, falling by 2 between 1e-4 and 1e-2, level, and far up at the end. */
const curve = curveOf(
  Array.from({ length: 121 }, (_, i) => {
    const x = -6 + i / 20;
    const loss = x < -4 ? 3 : x < -2 ? 3 - (x + 4) : x < -0.5 ? 1 : 100;
    return { learningRate: 10 ** x, loss, weight: 1 };
  }),
);

test("the text is narrow enough for a terminal and names every decade", () => {
  const lines = textPlot(curve, 1e-3).split("\n");
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  expect(lines.at(-2)?.trim().split(/\s+/)).toEqual(["1e-6", "1e-5", "1e-4", "1e-3", "1e-2", "1e-1", "1e0"]);
});

test("the mark stands under its rate", () => {
  const lines = textPlot(curve, 1e-3).split("\n");
  const ticks = lines.find((line) => line.includes("└")) ?? "";
  const at = (lines.find((line) => line.includes("▲")) ?? "").indexOf("▲");
  expect(ticks[at]).toBe("┴");
  expect(lines.at(-2)?.indexOf("1e-3")).toBe(at);
  expect(textPlot(curve, null)).not.toContain("▲");
});

test("the curve goes from the upper left to the lower right, and what diverges does not press it flat", () => {
  const rows = textPlot(curve, null)
    .split("\n")
    .filter((line) => line.includes("┤"));
  const places = rows.map((row) => row.split("┤")[1] ?? "");
  const rowAt = (column: number) => places.findIndex((place) => place[column] === "•");
  expect(rowAt(0)).toBeGreaterThan(0);
  expect(rowAt(0)).toBeLessThan(rowAt(33));
  expect(rowAt(33)).toBeLessThan(rowAt(50));
  expect(rowAt(65)).toBe(0);
});

test("the SVG has both curves, a point a step, and the rate that is suggested", () => {
  const svg = svgPlot(curve, 0.0012);
  const lines = [...svg.matchAll(/<polyline points="([^"]*)"/g)].map(([, points = ""]) => points.split(" "));
  expect(lines.map((points) => points.length)).toEqual([121, 121]);
  for (const point of lines.flat()) expect(point).toMatch(/^\d+\.\d,\d+\.\d$/);
  expect(svg).toContain(">0.0012</text>");
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});
