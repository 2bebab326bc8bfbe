import type { Report } from "../../report.ts";
import { classColour } from "../charts/colours.ts";
import { type MapDot, mapDrawing, mapSize, tenths } from "../charts/map.ts";
import { html, type Html, jsonInScript, trusted } from "../html.ts";
import { count, percent } from "../numbers.ts";
import type { Section } from "../section.ts";

/** More classes are chosen from a list, not from buttons. */
const mostButtons = 24;
/** Room around the outermost dots. */
const margin = 24;

/** The features of the photos laid out in the plane, the photos themselves under the pointer. */
export function featureMapSection(report: Report): Section | null {
  const { map, photos, guesses } = report;
  if (map === null) return null;
  const { layout, pictures } = map;
  const dots = Array.from(layout.rows, (row, i): MapDot => {
    const label = photos.labels[row] ?? -1;
    const guess = guesses.get(row) ?? -1;
    const [x = 0, y = 0] = layout.points.subarray(2 * i, 2 * i + 2);
    return {
      x: placed(x, mapSize.width),
      y: placed(y, mapSize.height),
      label,
      wrong: guess >= 0 && guess !== label,
    };
  });
  const points = dots.map(({ x, y, label }, i) => {
    const row = layout.rows[i] ?? 0;
    return [x, y, label, guesses.get(row) ?? -1, photos.splits[row] ?? "unlabelled", photos.paths[row]];
  });
  const { across, side, sheets } = pictures;
  const data = { size: mapSize.width, across, side, classes: photos.classes, points };
  const all = layout.rows.length === photos.count;
  return {
    id: "map",
    title: "Map of the features",
    body: html`<p>
        ${all ? `All ${count(photos.count)} photos` : `${count(layout.rows.length)} of ${count(photos.count)} photos`}
        by their features, those that look alike to the network near each other${legend(report)}. A photo
        shows under the pointer or a finger, or with the arrow keys. Only nearness means something: axes and
        distances between far groups do not.
      </p>
      ${chooser(report)}
      <div class="map">
        ${mapDrawing(dots, photos.classes.length, `Map of the features of ${layout.rows.length} photos`)}
        <div class="tip" id="map-tip" role="status" hidden>
          <canvas width="192" height="192"></canvas>
          <div></div>
        </div>
      </div>
      <p class="note">
        UMAP on ${layout.components} principal components, which hold ${percent(layout.variance, 0)} of the
        features’ variance.
      </p>
      ${sheets.map((sheet, i) => html`<img data-sheet="${i}" src="${sheet}" alt="" hidden />`)}
      <script type="application/json" id="map-points">
        ${jsonInScript(data)}
      </script>`,
  };
}

function legend({ parts }: Report): string {
  return parts === null
    ? ""
    : "; colours are labels, and a cross marks a validation or test photo that is taken for something else";
}

function placed(share: number, room: number): number {
  return tenths(margin + share * (room - 2 * margin));
}

function chooser({ photos, map }: Report): Html | null {
  const shown = new Set(Array.from(map?.layout.rows ?? [], (row) => photos.labels[row] ?? -1));
  const classes = photos.classes.flatMap((name, label) => (shown.has(label) ? [{ name, label }] : []));
  if (classes.length === 0) return null;
  if (classes.length > mostButtons)
    return html`<div class="choose">
      <label for="map-class">Only one class:</label
      ><select id="map-class">
        <option value="">all ${classes.length}</option>
        ${classes.map(({ name, label }) => html`<option value="${label}">${name}</option>`)}
      </select>
    </div>`;
  return html`<div class="choose" role="group" aria-label="Light up one class">
    ${classes.map(
      ({ name, label }) =>
        html`<button
          type="button"
          data-class="${label}"
          aria-pressed="false"
          style="--own:${trusted(classColour(label, photos.classes.length))}"
        >
          ${name}
        </button>`,
    )}
  </div>`;
}
