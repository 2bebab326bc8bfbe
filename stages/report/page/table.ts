import { type Html, html } from "./html.ts";

/** A column of a table that sorts by any of its columns. */
export interface Column<Row> {
  readonly title: string;
  /** what it sorts by; NaN or null stand last. Left out: by its text */
  readonly value?: (row: Row) => number | null;
  readonly cell: (row: Row) => Html | string;
  /** which way the first press of its title sorts; default "ascending" */
  readonly first?: "ascending" | "descending";
}

/**
 * A table whose column titles sort it.
 *
 * @param sorted the column by which the rows come sorted, and which way; null: by none
 */
export function sortableTable<Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  sorted: { readonly column: number; readonly direction: "ascending" | "descending" } | null,
): Html {
  const head = columns.map(
    ({ title, first = "ascending" }, i) =>
      html`<th
        scope="col"
        aria-sort="${sorted?.column === i ? sorted.direction : "none"}"
        data-first="${first}"
      >
        <button type="button">${title}</button>
      </th>`,
  );
  return html`<table class="sortable" aria-label="${caption}">
    <thead>
      <tr>
        ${head}
      </tr>
    </thead>
    <tbody>
      ${rows.map((row) => sortableRow(columns, row))}
    </tbody>
  </table>`;
}

function sortableRow<Row>(columns: readonly Column<Row>[], row: Row): Html {
  const cells = columns.map(({ value, cell }, i) => {
    const sortedBy = value === undefined ? null : html` data-value="${value(row) ?? Number.NaN}"`;
    return i === 0
      ? html`<th scope="row" ${sortedBy}>${cell(row)}</th>`
      : html`<td${sortedBy}>${cell(row)}</td>`;
  });
  return html`<tr>
    ${cells}
  </tr> `;
}

/**
 * A plain table: titles, rows of cells, the first of each its title.
 *
 * @param texts how many of the columns, from the left, hold words and not numbers
 */
export function plainTable(
  caption: string,
  titles: readonly (string | Html)[],
  rows: readonly (readonly (string | Html)[])[],
  texts = 1,
): Html {
  const align = (column: number) => column < texts && html`class="text"`;
  const head = titles.map((title, i) => html`<th scope="col" ${align(i)}>${title}</th>`);
  const cellsOf = (cells: readonly (string | Html)[]) =>
    cells.map((cell, i) =>
      i === 0 ? html`<th scope="row">${cell}</th>` : html`<td ${align(i)}>${cell}</td>`,
    );
  return html`<table aria-label="${caption}">
    <thead>
      <tr>
        ${head}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (cells) =>
          html`<tr>
            ${cellsOf(cells)}
          </tr> `,
      )}
    </tbody>
  </table>`;
}
