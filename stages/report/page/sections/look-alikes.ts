import { counted } from "../../../../shared/counted.ts";
import type { LookAlikes } from "../../figures/near-duplicates.ts";
import type { Report } from "../../report.ts";
import { html, type Html } from "../html.ts";
import { count } from "../numbers.ts";
import { type Album, className, folded, photoItem } from "../photo.ts";
import type { Section } from "../section.ts";

const open = 6;

/** Photos that look the same and lie in different parts of the set, or under different labels. */
export function lookAlikes(report: Report): Section {
  const { pairs, acrossSplit, acrossLabels, identical, listed, distance } = report.nearDuplicates;
  return {
    id: "near-duplicates",
    title: "Near-duplicates",
    body: html`<p>
        ${
          pairs === 0
            ? `No two photos look the same (perceptual hashes within ${distance} of 64 bits).`
            : html`${counted(pairs, "pair")} of photos look the same (perceptual hashes within ${distance} of
              64 bits), ${count(identical)} of them with the same
              bytes${report.parts === null ? html`${listed.length < pairs && html`; the nearest ${count(listed.length)} are shown`}.` : html`. ${consequences(acrossSplit, acrossLabels)}`}`
        }
      </p>
      ${note(report)}
      ${
        listed.length > 0 &&
        folded(
          listed.map((pair) => twins(report, pair)),
          open,
          "pairs",
        )
      }`,
  };
}

function consequences(acrossSplit: number, acrossLabels: number): Html {
  return html`<b>${count(acrossSplit)}</b> ${acrossSplit === 1 ? "lies" : "lie"} across the split, so that one
    was trained on and the other measured with;
    <b>${count(acrossLabels)}</b> ${acrossLabels === 1 ? "has" : "have"} different labels.`;
}

function note({ parts, nearDuplicates: { pairs, distance, grouped } }: Report): Html | null {
  if (parts === null) return null;
  if (grouped > 0)
    return html`<p class="note">
      The split kept photos within ${grouped} bits together (<code>--near-duplicates ${grouped}</code>).
    </p>`;
  if (pairs === 0) return null;
  return html`<p class="note">
    <code>--near-duplicates ${distance}</code> keeps such photos on one side of the split, so that no photo is
    measured with whose twin was trained on.
  </p>`;
}

function twins(album: Album, { first, second, distance, acrossLabels }: LookAlikes): Html {
  const { photos } = album;
  const one = (row: number) =>
    photoItem(
      album,
      row,
      photos.classes.length === 0
        ? html``
        : html`<b class="${acrossLabels ? "bad" : ""}"
              >${className(photos.classes, photos.labels[row] ?? -1)}</b
            ><span class="muted">${photos.splits[row] ?? "unlabelled"}</span>`,
    );
  const apart = distance === 0 ? "same hash" : `${distance} bits apart`;
  return html`<li>
    <ul class="photos two">
      ${one(first)}${one(second)}
    </ul>
    <small class="muted">${apart}</small>
  </li> `;
}
