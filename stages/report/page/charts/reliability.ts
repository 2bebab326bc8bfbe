import type { ConfidenceBin } from "../../../../shared/calibration/calibration-error.ts";
import type { Html } from "../html.ts";
import { axisLook, drawn, within } from "./draw.ts";

const size = { width: 420, height: 380 };

/** How often guesses are right by how sure they are, before and after temperature scaling; the diagonal is as it should be. */
export function reliabilityDiagram(
  before: readonly ConfidenceBin[],
  after: readonly ConfidenceBin[],
  label: string,
): Html {
  const percentAxis = {
    ...axisLook,
    type: "value",
    ...{ min: 0, max: 1, interval: 0.2 },
    axisLabel: { ...axisLook.axisLabel, formatter: (value: number) => `${Math.round(100 * value)} %` },
  };
  return drawn(
    {
      grid: { ...within, left: 34, right: 18, top: 16, bottom: 30 },
      xAxis: { ...percentAxis, name: "how sure the guess is", nameLocation: "middle", nameGap: 30 },
      yAxis: { ...percentAxis, name: "how often it is right", nameLocation: "middle", nameGap: 46 },
      series: [
        {
          ...{ type: "line", silent: true, showSymbol: false },
          data: [
            [0, 0],
            [1, 1],
          ],
          lineStyle: { color: "var(--muted)", width: 1, type: [4, 4] },
        },
        binsAs("var(--other)", "var(--paper)", before, true),
        binsAs("var(--accent)", "var(--accent)", after, false),
      ],
    },
    size,
    label,
  );
}

function binsAs(colour: string, fill: string, bins: readonly ConfidenceBin[], dashed: boolean) {
  const most = Math.max(1, ...bins.map(({ photos }) => photos));
  return {
    type: "line",
    symbol: "circle",
    showAllSymbol: true,
    // A dot's area says how many photos stand behind it.
    data: bins
      .filter(({ photos }) => photos > 0)
      .map(({ confidence, accuracy, photos }) => ({
        value: [confidence, accuracy],
        symbolSize: 5 + 9 * Math.sqrt(photos / most),
      })),
    lineStyle: { color: colour, width: 1.6, type: dashed ? [5, 4] : "solid" },
    itemStyle: { color: fill, borderColor: colour, borderWidth: 1.6 },
  };
}
