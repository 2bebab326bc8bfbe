import type { PhotoSize } from "../../gather/overview.ts";
import type { Report } from "../../report.ts";
import { html } from "../html.ts";
import { count } from "../numbers.ts";
import { folded, photoItem } from "../photo.ts";
import type { Section } from "../section.ts";
import { plainTable } from "../table.ts";

const open = 12;

/** What photos without labels are: there is nothing else to say of them. */
export function overview(report: Report): Section | null {
  const { overview: figures, photos } = report;
  if (figures === null) return null;
  const { different, sizes, shape, shown } = figures;
  const rows = [
    ["Photos", count(photos.count)],
    ["With different bytes", count(different)],
    ["Smallest", sizeInWords(sizes.smallest)],
    ["In the middle, by area", sizeInWords(sizes.middle)],
    ["Largest", sizeInWords(sizes.largest)],
    ["Features of a photo", shape.map(count).join(" × ")],
  ];
  return {
    id: "photos",
    title: "The photos",
    body: html`<p>
        No photo has a label, so nothing was trained and there is nothing to score. A folder for each class,
        or a table with the columns <code>path</code> and <code>label</code> as <code>--data</code>, gives
        labels; the features that are there are used again.
      </p>
      <div class="wide narrow">${plainTable("The photos", ["", "Pixels or number"], rows)}</div>
      ${folded(
        shown.map((row) => photoItem(report, row, html``)),
        open,
        "photos",
      )}`,
  };
}

function sizeInWords({ width, height }: PhotoSize): string {
  return `${count(width)} × ${count(height)}`;
}
