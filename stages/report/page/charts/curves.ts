import type { Epoch } from "../../gather/epochs.ts";
import type { Html } from "../html.ts";
import { axisLook, drawn, within } from "./draw.ts";

/** A line over the epochs. */
interface Curve {
  readonly colour: string;
  readonly values: readonly number[];
  readonly dashed?: boolean;
}

const size = { width: 480, height: 270 };

/** Loss over the epochs: of training, and of validation where there is one. */
export function lossCurves(epochs: readonly Epoch[], kept: number): Html {
  const validation = epochs.flatMap((epoch) => (epoch.validation === null ? [] : [epoch.validation.loss]));
  const label = `Loss over ${epochs.length} epochs, on the training photos and on the validation photos; epoch ${kept} is kept`;
  return curves(
    [
      { colour: "var(--muted)", values: epochs.map(({ trainLoss }) => trainLoss), dashed: true },
      { colour: "var(--accent)", values: validation },
    ],
    kept,
    { label, form: (value) => String(value) },
  );
}

/** Accuracy on the validation photos over the epochs. */
export function accuracyCurve(epochs: readonly Epoch[], kept: number): Html {
  const values = epochs.flatMap((epoch) => (epoch.validation === null ? [] : [epoch.validation.accuracy]));
  const label = `Accuracy on the validation photos over ${epochs.length} epochs; epoch ${kept} is kept`;
  return curves([{ colour: "var(--accent)", values }], kept, {
    label,
    form: (value) => `${Number((100 * value).toFixed(1))} %`,
  });
}

function curves(
  lines: readonly Curve[],
  kept: number,
  { label, form }: { readonly label: string; readonly form: (value: number) => string },
): Html {
  const epochs = Math.max(...lines.map(({ values }) => values.length));
  const series = lines.map(({ colour, values, dashed = false }, i) => ({
    type: "line",
    data: values.map((value, epoch) => [epoch + 1, value]),
    showSymbol: epochs === 1,
    symbolSize: 7,
    lineStyle: { color: colour, width: 2, type: dashed ? [5, 4] : "solid" },
    itemStyle: { color: colour },
    // The last line is that of the validation, by which the epoch was chosen.
    ...(i === lines.length - 1 ? keptMark(kept, values, colour) : {}),
  }));
  return drawn(
    {
      grid: { ...within, left: 8, right: 16, top: 26, bottom: 22 },
      xAxis: {
        ...axisLook,
        type: "value",
        ...{ min: 1, max: Math.max(2, epochs), minInterval: 1 },
        ...{ name: "epoch", nameLocation: "middle", nameGap: 26 },
        splitLine: { show: false },
      },
      yAxis: {
        ...axisLook,
        type: "value",
        scale: true,
        axisLabel: { ...axisLook.axisLabel, formatter: form },
      },
      series,
    },
    size,
    label,
  );
}

function keptMark(kept: number, values: readonly number[], colour: string) {
  const value = values[kept - 1];
  if (value === undefined) return {};
  return {
    markLine: {
      silent: true,
      symbol: "none",
      lineStyle: { color: "var(--muted)", type: [2, 3], width: 1 },
      label: {
        ...{ formatter: "kept", color: "var(--muted)", fontSize: 12 },
        ...{ textBorderColor: "var(--paper)", textBorderWidth: 2 },
      },
      data: [{ xAxis: kept }],
    },
    markPoint: {
      symbol: "circle",
      symbolSize: 9,
      itemStyle: { color: colour, borderColor: "var(--paper)", borderWidth: 2 },
      label: { show: false },
      data: [{ coord: [kept, value] }],
    },
  };
}
