import type { LabelledPhoto } from "../../figures/label-errors.ts";
import type { Report } from "../../report.ts";
import { html, type Html } from "../html.ts";
import { count, percent } from "../numbers.ts";
import { type Album, className, folded, photoItem } from "../photo.ts";
import type { Section } from "../section.ts";

const open = 12;

/** Labels that are probably wrong. */
export function labelErrorsSection(report: Report): Section | null {
  const { labelErrors } = report;
  if (labelErrors === null) return null;
  const { suspected, ranked, shown } = labelErrors;
  return {
    id: "labels",
    title: "Probable label errors",
    body: html`<p>
        The labels of training photos that are believed least, by a classifier that was not trained on the
        photo: the first ${count(shown.length)} of ${count(ranked.length)}; <code>label-errors.csv</code> has
        them all, in this order. Confident learning counts
        ${suspected === 0 ? "none" : html`<b>${count(suspected)}</b>`} of them as wrong: the classifier is
        surer of another class than it usually is of that class’s own photos.
      </p>
      <p class="note">
        To mend one, move the file into the right class’s folder (or correct its line in the label file) and
        run the same command again: photos are known by their bytes, so no pixel is warped twice, and it takes
        seconds. The weaker the classifier, the more of these are its own mistakes and not the labels’.
      </p>
      ${
        shown.length > 0 &&
        folded(
          shown.map((photo) => doubtful(report, photo)),
          open,
          "photos",
        )
      }`,
  };
}

function doubtful(
  album: Album,
  { row, given, likely, selfConfidence, margin, suspected }: LabelledPhoto,
): Html {
  const { classes } = album.photos;
  return photoItem(
    album,
    row,
    html`<span
        ><b>${className(classes, given)}</b> <span class="muted">${percent(selfConfidence, 0)}</span></span
      ><span class="${suspected ? "bad" : "muted"}"
        >rather ${className(classes, likely)} ${percent(selfConfidence - margin, 0)}</span
      >`,
  );
}
