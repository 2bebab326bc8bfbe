import { counted } from "../../../../shared/counted.ts";
import type { Comparison, ComparedClass, Disagreement } from "../../compare/comparison.ts";
import { disagreementsShown } from "../../pictures/wanted.ts";
import type { Report } from "../../report.ts";
import { breakable, html, type Html } from "../html.ts";
import { count, decimal, percent, percentRange, signed } from "../numbers.ts";
import { type Album, folded, photoItem } from "../photo.ts";
import type { Section } from "../section.ts";
import { type Column, plainTable, sortableTable } from "../table.ts";

const open = 6;
const long = 16;

/** This run and another one side by side. */
export function comparison(report: Report): Section | null {
  const { comparison: both } = report;
  if (both === null) return null;
  const { own, other } = both;
  return {
    id: "comparison",
    title: "Beside another run",
    body: html`<p>${verdict(both)}</p>
      <div class="wide narrow">
        ${plainTable(
          "Both runs",
          ["", "This run", "The other"],
          [
            ["Training", html`<code>${own.name}</code>`, html`<code>${other.name}</code>`],
            ["Accuracy", html`<b>${percent(own.accuracy)}</b>`, html`<b>${percent(other.accuracy)}</b>`],
            ["95 % interval", percentRange(own.interval), percentRange(other.interval)],
            ["Right where the other is wrong", count(both.onlyOwn.length), count(both.onlyOther.length)],
          ],
        )}
      </div>
      <h3>Settings that differ</h3>
      ${settings(both)} ${classesTable(both)}
      ${disagreements(report, "Only this run is right", both.onlyOwn, ({ other: wrong }) => wrong)}
      ${disagreements(report, "Only the other run is right", both.onlyOther, ({ own: wrong }) => wrong)}`,
  };
}

function verdict({ photos, validated, own, other, pValue, bothRight, bothWrong }: Comparison): Html {
  if (photos === 0)
    return html`The two runs were validated on no photo in common, so nothing can be said of which is better.`;
  const difference = 100 * (own.accuracy - other.accuracy);
  const shared =
    photos === validated.own && photos === validated.other
      ? `Both were validated on the same ${counted(photos, "photo")}.`
      : `${counted(photos, "photo")} were in the validation part of both (of ${count(validated.own)} and ${count(validated.other)}); the figures are of these.`;
  const meaning =
    pValue < 0.05
      ? "so large a difference would be rare if both were equally good"
      : "as large a difference is not rare where both are equally good";
  return html`${shared} This run is
  ${difference === 0 ? "as good as the other" : html`<b>${decimal(Math.abs(difference), 1)} points ${difference > 0 ? "better" : "worse"}</b>`}:
  McNemar’s exact test gives ${pValue < 0.001 ? "p < 0.001" : `p = ${decimal(pValue, 3)}`}, ${meaning}. Both
  are right on ${count(bothRight)}, both wrong on ${count(bothWrong)}.`;
}

function settings({ settings: rows }: Comparison): Html {
  if (rows.length === 0)
    return html`<p>None: the two differ in their photos, their labels or their versions.</p>`;
  return html`<div class="wide narrow">
    ${plainTable(
      "Settings that differ",
      ["Setting", "This run", "The other"],
      rows.map(({ stage, field, own, other }) => [
        html`${field} <small class="muted">${stage}</small>`,
        shown(own),
        shown(other),
      ]),
      3,
    )}
  </div>`;
}

function shown(value: string): Html {
  return value === "" ? html`<span class="muted">default</span>` : html`<code>${value}</code>`;
}

function classesTable({ classes }: Comparison): Html | null {
  if (classes.length === 0) return null;
  const difference = ({ recall, otherRecall }: ComparedClass) => 100 * (recall - otherRecall);
  const columns: readonly Column<ComparedClass>[] = [
    { title: "Class", cell: ({ name }) => name },
    { title: "Photos", value: ({ photos }) => photos, cell: ({ photos }) => count(photos) },
    { title: "Recall, this run", value: ({ recall }) => recall, cell: ({ recall }) => percent(recall) },
    {
      title: "Recall, the other",
      value: ({ otherRecall }) => otherRecall,
      cell: ({ otherRecall }) => percent(otherRecall),
    },
    {
      title: "Points",
      value: difference,
      cell: (row) =>
        html`<span class="${difference(row) < 0 ? "bad" : difference(row) > 0 ? "good" : "muted"}"
          >${signed(difference(row))}</span
        >`,
    },
  ];
  return html`<h3>Class by class</h3>
    <div
      class="wide${classes.length > long ? " tall" : ""}"
      ${classes.length > long && html` tabindex="0" role="region" aria-label="Recall by class"`}
    >
      ${sortableTable("Recall by class in both runs", columns, classes, null)}
    </div>`;
}

function disagreements(
  report: Album,
  title: string,
  photos: readonly Disagreement[],
  wrongOf: (photo: Disagreement) => Disagreement["own"],
): Html | null {
  if (photos.length === 0) return null;
  const rows = new Map(report.photos.sha256s.map((sha256, row) => [sha256, row]));
  const items = photos.slice(0, disagreementsShown).flatMap((photo) => {
    const row = rows.get(photo.sha256);
    if (row === undefined) return [];
    const { guess, probability } = wrongOf(photo);
    return [
      photoItem(
        report,
        row,
        html`<b>${breakable(photo.own.truth)}</b
          ><span class="bad">taken for ${breakable(guess)} ${percent(probability, 0)}</span>`,
      ),
    ];
  });
  const cut = items.length < photos.length ? `, ${items.length} of them` : "";
  return html`<h3>${title} <small class="muted">${counted(photos.length, "photo")}${cut}</small></h3>
    ${folded(items, open, "photos")}`;
}
