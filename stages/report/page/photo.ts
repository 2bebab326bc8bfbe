import type { Report } from "../report.ts";
import { breakable, html, type Html } from "./html.ts";

/** What photos are called and look like. */
export type Album = Pick<Report, "photos" | "thumbnails">;

/** A photo as an image, with what is said of it below. */
export function photoItem(album: Album, row: number, says: Html): Html {
  return html`<li>
    ${photoImage(album, row)}${says}<small class="path" title="${album.photos.paths[row]}"
      >${album.photos.paths[row]}</small
    >
  </li> `;
}

function photoImage({ photos, thumbnails }: Album, row: number): Html {
  const source = thumbnails.get(row);
  const label = nameOf(photos.classes, photos.labels[row] ?? -1);
  if (source === undefined) return html`<span class="lost"></span>`;
  return html`<img
    src="${source}"
    width="128"
    height="128"
    loading="lazy"
    decoding="async"
    alt="${label}: ${photos.paths[row]}"
  />`;
}

/** A class's name; what has none is without a label. */
export function className(classes: readonly string[], label: number): Html {
  return breakable(nameOf(classes, label));
}

function nameOf(classes: readonly string[], label: number): string {
  return classes[label] ?? "no label";
}

/** Items in a grid; those after the first `open` folded away. */
export function folded(items: readonly Html[], open: number, list: "photos" | "pairs"): Html {
  const rest = items.slice(open);
  return html`<ul class="${list}">
      ${items.slice(0, open)}
    </ul>
    ${
      rest.length > 0 &&
      html`<details>
        <summary>${rest.length} more</summary>
        <ul class="${list}">
          ${rest}
        </ul>
      </details>`
    }`;
}
