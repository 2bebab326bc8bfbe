import type { Curve } from "./learning-rate-find-curve.ts";

/** Where things lie in a plot: both from 0 to 1, y downwards. */
interface Scale {
  readonly x: (learningRate: number) => number;
  readonly y: (loss: number) => number;
  /** decades among the rates */
  readonly decades: readonly number[];
  readonly low: number;
  readonly high: number;
}

/** Losses far above where the curve began would press the rest of it flat: they are drawn at the upper edge. */
const headroom = 1.25;

function scaleOf(curve: Curve): Scale {
  const losses = curve.map(({ smoothedLoss }) => smoothedLoss);
  const low = Math.min(...losses);
  const high = Math.max(low + 1e-9, Math.min(Math.max(...losses), headroom * (losses[0] ?? 1)));
  const [first, last] = [
    Math.log10(curve[0]?.learningRate ?? 1e-6),
    Math.log10(curve.at(-1)?.learningRate ?? 1),
  ];
  const from = Math.ceil(first - 1e-9);
  const decades = Array.from({ length: Math.floor(last + 1e-9) - from + 1 }, (_, i) => 10 ** (from + i));
  return {
    x: (rate) => (Math.log10(rate) - first) / Math.max(1e-9, last - first),
    y: (loss) => Math.min(1, Math.max(0, (high - loss) / (high - low))),
    ...{ decades, low, high },
  };
}

const [columns, lines] = [66, 12];

/** The smoothed loss over the rate as text, `columns` wide, the suggested rate marked below it. */
export function textPlot(curve: Curve, suggested: number | null): string {
  const scale = scaleOf(curve);
  const columnOf = (rate: number) => Math.round(scale.x(rate) * (columns - 1));
  const canvas = Array.from({ length: lines }, () => Array<string>(columns).fill(" "));
  for (const { learningRate, smoothedLoss } of curve) {
    const line = canvas[Math.round(scale.y(smoothedLoss) * (lines - 1))];
    if (line !== undefined) line[columnOf(learningRate)] = "•";
  }
  const labels = canvas.map((_, i) =>
    (scale.high + ((scale.low - scale.high) * i) / (lines - 1)).toFixed(2).padStart(7),
  );
  const rows = canvas.map((line, i) => `${labels[i] ?? ""} ┤${line.join("").trimEnd()}`);
  const ticks = Array<string>(columns).fill("─");
  for (const decade of scale.decades) ticks[columnOf(decade)] = "┴";
  const marks = suggested === null ? [] : [placed([{ at: columnOf(suggested), text: "▲" }])];
  const names = placed(scale.decades.map((decade) => ({ at: columnOf(decade), text: nameOf(decade) })));
  const margin = " ".repeat(9);
  return [
    "loss, smoothed, over the learning rate",
    ...rows,
    `${" ".repeat(8)}└${ticks.join("")}`,
    ...[...marks, names].map((row) => margin + row),
    "",
  ].join("\n");
}

/** Texts at their columns in one row; those that would not fit behind the one before are left out. */
function placed(texts: readonly { at: number; text: string }[]): string {
  return texts.reduce((row, { at, text }) => (at < row.length ? row : row.padEnd(at) + text), "");
}

function nameOf(decade: number): string {
  return decade.toExponential(0).replace("e+0", "e0");
}

const [width, height, margin] = [640, 400, 56];

/** The same as an SVG file: each step's own loss pale, the smoothed one over it. */
export function svgPlot(curve: Curve, suggested: number | null): string {
  const scale = scaleOf(curve);
  const x = (rate: number) => (margin + scale.x(rate) * (width - 2 * margin)).toFixed(1);
  const y = (loss: number) => (margin + scale.y(loss) * (height - 2 * margin)).toFixed(1);
  const path = (of: (point: Curve[number]) => number) =>
    curve.map((point) => `${x(point.learningRate)},${y(of(point))}`).join(" ");
  const text = (at: string, attributes: string, content: string) =>
    `<text ${at} ${attributes}>${content}</text>`;
  const upright = (rate: number, colour: string) =>
    `<line x1="${x(rate)}" x2="${x(rate)}" y1="${margin}" y2="${height - margin}" stroke="${colour}"/>`;
  const losses = [scale.high, (scale.high + scale.low) / 2, scale.low];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...scale.decades.flatMap((decade) => [
      upright(decade, "#ddd"),
      text(`x="${x(decade)}" y="${height - margin + 18}"`, 'text-anchor="middle"', nameOf(decade)),
    ]),
    ...losses.map((loss) =>
      text(`x="${margin - 8}" y="${y(loss)}"`, 'text-anchor="end" dy="4"', loss.toFixed(2)),
    ),
    `<polyline points="${path(({ loss }) => loss)}" fill="none" stroke="#bbb"/>`,
    `<polyline points="${path(({ smoothedLoss }) => smoothedLoss)}" fill="none" stroke="#1668b8" stroke-width="2"/>`,
    ...(suggested === null
      ? []
      : [
          upright(suggested, "#c33"),
          text(
            `x="${x(suggested)}" y="${margin - 8}"`,
            'text-anchor="middle" fill="#c33"',
            String(suggested),
          ),
        ]),
    text(`x="${width / 2}" y="${height - 12}"`, 'text-anchor="middle"', "learning rate"),
    text(`x="16" y="${height / 2}"`, `text-anchor="middle" transform="rotate(-90 16 ${height / 2})"`, "loss"),
    "</svg>\n",
  ].join("\n");
}
