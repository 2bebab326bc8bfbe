import type { Confusion } from "../../figures/confusion.ts";
import type { Html } from "../html.ts";
import { axisLook, drawn } from "./draw.ts";

/**
 * A confusion matrix of many classes as a picture: a square for each pair that occurs, the rarer the fainter. Rows are truths, columns
 * guesses.
 */
export function confusionHeatMap({ classes, counts }: Confusion, names: readonly string[]): Html {
  const cell = Math.max(7, Math.min(16, Math.round(1100 / classes)));
  const side = cell * classes;
  const room = 8 * Math.max(...names.map((name) => Math.min(name.length, 24)));
  const cells = [...counts].flatMap((photos, i) => {
    if (photos === 0) return [];
    const [truth, guess] = [Math.floor(i / classes), i % classes];
    const share = photos / rowSum(counts, classes, truth);
    const colour = truth === guess ? "var(--accent)" : "var(--other)";
    return [
      {
        value: [guess, truth, share],
        visualMap: false,
        itemStyle: { color: colour, opacity: 0.2 + 0.8 * share },
      },
    ];
  });
  const axis = (extra: object) => ({
    ...axisLook,
    type: "category",
    data: names.map((name) => (name.length > 24 ? `${name.slice(0, 23)}…` : name)),
    splitLine: { show: false },
    axisLabel: { ...axisLook.axisLabel, fontSize: Math.min(11, cell - 1), interval: 0, ...extra },
  });
  return drawn(
    {
      grid: { left: room, top: 8, width: side, height: side, outerBoundsMode: "none" },
      xAxis: axis({ rotate: 90 }),
      yAxis: { ...axis({}), inverse: true },
      // The chart demands a scale; the cells bring their own colours.
      visualMap: { show: false, min: 0, max: 1 },
      series: [{ type: "heatmap", data: cells, silent: true }],
    },
    { width: room + side + 12, height: side + room + 12 },
    `Confusion matrix of ${classes} classes: rows are what photos are, columns what they were taken for`,
  );
}

function rowSum(counts: Uint32Array, classes: number, truth: number): number {
  return counts.subarray(truth * classes, (truth + 1) * classes).reduce((sum, each) => sum + each, 0);
}
