import { html, type Html, trusted } from "../html.ts";
import { classColour } from "./colours.ts";

/** A photo's dot on the map. */
export interface MapDot {
  readonly x: number;
  readonly y: number;
  /** its class; -1: unlabelled */
  readonly label: number;
  /** whether it was not trained on, and is taken for something else */
  readonly wrong: boolean;
}

/** The map's size in its own units. */
export const mapSize = { width: 1000, height: 760 } as const;

/**
 * The map's dots: one path a class, each dot a line of no length with round ends, so that 2,000 dots cost 20 kB and a class is one
 * element to light up. echarts spends a path of 300 bytes on each.
 */
export function mapDrawing(dots: readonly MapDot[], classes: number, label: string): Html {
  const labels = [...new Set(dots.map((dot) => dot.label))].sort((a, b) => a - b);
  const paths = labels.map((own) => {
    const line = dots.filter((dot) => dot.label === own).map(({ x, y }) => `M${x} ${y}h0`);
    return html`<path
      data-class="${own}"
      style="--own:${classColour(own, classes)}"
      d="${line.join("")}"
    ></path>`;
  });
  const crosses = dots
    .filter(({ wrong }) => wrong)
    .map(({ x, y }) => `M${tenths(x - 5)} ${tenths(y - 5)}l10 10m0 -10l-10 10`)
    .join("");
  return html`<svg
    viewBox="0 0 ${mapSize.width} ${mapSize.height}"
    tabindex="0"
    role="img"
    aria-label="${label}"
    aria-describedby="map-tip"
  >
    ${paths}
    <path class="wrong" d="${trusted(crosses)}"></path>
    <circle r="11" visibility="hidden"></circle>
  </svg>`;
}

/** A place on the map to a tenth of its unit, as short as it can be written. */
export function tenths(value: number): number {
  return Math.round(10 * value) / 10;
}
