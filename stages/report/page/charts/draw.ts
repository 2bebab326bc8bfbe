import { HeatmapChart, LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, MarkPointComponent, VisualMapComponent } from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { escaped, type Html, trusted } from "../html.ts";

use([
  ...[HeatmapChart, LineChart, SVGRenderer],
  ...[GridComponent, MarkLineComponent, MarkPointComponent, VisualMapComponent],
]);

/** A chart's size in its own units, which a page scales to the room it has. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Draws a chart as an SVG element. Colours are the page's own variables ("var(--ink)"), so that one drawing serves light and dark.
 *
 * @param label what it shows, for those who cannot see it
 */
export function drawn(option: EChartsCoreOption, { width, height }: Size, label: string): Html {
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily: "inherit" }, ...option });
    return trusted(asElement(chart.renderToSVGString(), label));
  } finally {
    chart.dispose();
  }
}

/**
 * echarts 6 draws for a page on which it goes on running: its style element would hold for all the page, and its classes and
 * marks mean nothing without it. Names of clip paths count on from chart to chart in a process: each chart gets its own, which depend
 * on nothing but what it shows.
 */
function asElement(svg: string, label: string): string {
  const plain = svg
    .replace(/<style ?>.*?<\/style>/gs, "")
    .replace(/ (?:class="zr[^"]*"|ecmeta_\w+="[^"]*"|pointer-events="[^"]*"|xmlns(?::xlink)?="[^"]*")/g, "")
    .replace(/ (?:version|baseProfile)="[^"]*"/g, "")
    .replaceAll('<path d=""></path>', "")
    .replaceAll("font-family:inherit;", "")
    .replace(/zr\d+-c(\d+)/g, `${nameFor(label)}-$1`)
    .replaceAll("\n", "");
  return plain.replace("<svg ", `<svg role="img" aria-label="${escaped(label)}" `);
}

function nameFor(label: string): string {
  return `clip-${label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40)}`;
}

/** A grid whose labels lie within the room that it is given. */
export const within = { outerBoundsMode: "same", outerBoundsContain: "axisLabel" } as const;

/** How axes look, whatever they count. */
export const axisLook = {
  axisLine: { show: true, lineStyle: { color: "var(--line)" } },
  axisTick: { show: false },
  axisLabel: { color: "var(--muted)", fontSize: 12 },
  splitLine: { show: true, lineStyle: { color: "var(--grid)" } },
  nameTextStyle: { color: "var(--muted)", fontSize: 12 },
} as const;
