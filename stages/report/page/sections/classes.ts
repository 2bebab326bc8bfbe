import type { ScoredClass } from "../../figures/scores.ts";
import type { Report } from "../../report.ts";
import { html, type Html } from "../html.ts";
import { count, percent } from "../numbers.ts";
import type { Section } from "../section.ts";
import { type Column, sortableTable } from "../table.ts";

/** Rows from which on the table scrolls in a box of its own. */
const long = 16;

/**
 * Precision, recall and F1 of every class, of the part that was measured: the test part where there
 * is one.
 */
export function classes({ parts, photos }: Report): Section | null {
  if (parts === null) return null;
  const [scores, part] = parts.test === null ? [parts.validation, "validation"] : [parts.test, "test"];
  if (scores === null) return null;
  const nameOf = (row: ScoredClass) => photos.classes[row.class] ?? "";
  const trained = trainingPhotos(photos);
  const columns: readonly Column<ScoredClass>[] = [
    { title: "Class", cell: nameOf },
    {
      title: "F1",
      first: "descending",
      value: ({ f1 }) => f1,
      cell: ({ f1 }) => html`${percent(f1)}${meter(f1)}`,
    },
    share("Precision", ({ precision }) => precision),
    share("Recall", ({ recall }) => recall),
    number("Photos", (row) => row.photos),
    number("Taken for it", ({ predicted }) => predicted),
    number("Trained on", (row) => trained[row.class] ?? 0),
  ];
  // The weakest first: they are what there is to do.
  const rows = [...scores.perClass].sort((a, b) => (a.f1 ?? 2) - (b.f1 ?? 2));
  return {
    id: "classes",
    title: "Class by class",
    body: html`<p>
        Of ${count(scores.photos)} ${part} photos, the weakest classes first. Precision: of the photos taken
        for a class, the share that is. Recall: of a class’s photos, the share that was found. A title sorts.
      </p>
      <div
        class="wide${rows.length > long ? " tall" : ""}"
        ${rows.length > long && html` tabindex="0" role="region" aria-label="Scores by class"`}
      >
        ${sortableTable("Scores by class", columns, rows, { column: 1, direction: "ascending" })}
      </div>`,
  };
}

function share(title: string, value: (row: ScoredClass) => number | null): Column<ScoredClass> {
  return { title, first: "descending", value, cell: (row) => percent(value(row)) };
}

function number(title: string, value: (row: ScoredClass) => number): Column<ScoredClass> {
  return { title, first: "descending", value, cell: (row) => count(value(row)) };
}

function meter(value: number | null): Html | null {
  return value === null ? null : html`<span class="meter" style="--share:${value.toFixed(3)}"></span>`;
}

function trainingPhotos({ classes, labels, splits }: Report["photos"]): number[] {
  const counts = classes.map(() => 0);
  splits.forEach((split, row) => {
    const label = labels[row] ?? -1;
    if (split === "train" && label >= 0) counts[label] = (counts[label] ?? 0) + 1;
  });
  return counts;
}
