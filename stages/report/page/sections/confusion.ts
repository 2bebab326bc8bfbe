import { counted } from "../../../../shared/counted.ts";
import { type Confusion, confusedPairs } from "../../figures/confusion.ts";
import type { Report } from "../../report.ts";
import { confusionHeatMap } from "../charts/heat-map.ts";
import { html, type Html } from "../html.ts";
import { count, percent } from "../numbers.ts";
import type { Section } from "../section.ts";
import { plainTable } from "../table.ts";

/** Up to so many classes the matrix is the first thing to look at; of more, the pairs. */
const mostInTable = 30;
const pairsShown = 20;

/** What was taken for what. */
export function confusion({ confusion: own, photos }: Report): Section | null {
  if (own === null) return null;
  const pairs = confusedPairs(own);
  const few = own.classes <= mostInTable;
  return {
    id: "confusion",
    title: "What is taken for what",
    body: html`<p>
        Of the validation photos.
        ${pairs.length === 0 ? "Not one was taken for something else." : few ? "A row is what photos are, a column what they were taken for; the stronger a square, the larger its share of the row." : `The ${Math.min(pairsShown, pairs.length)} most frequent of ${counted(pairs.length, "pair")} that were confused.`}
      </p>
      ${few ? matrix(own, photos.classes) : pairsTable(pairs, photos.classes)}
      ${
        few
          ? pairs.length > 0 &&
            html`<details>
              <summary>The most frequent confusions</summary>
              ${pairsTable(pairs, photos.classes)}
            </details>`
          : html`<details>
              <summary>The whole matrix, ${own.classes} × ${own.classes}</summary>
              <div class="wide chart" tabindex="0" role="region" aria-label="Confusion matrix">
                <div style="min-width:44rem">${confusionHeatMap(own, photos.classes)}</div>
              </div>
            </details>`
      }`,
  };
}

function pairsTable(pairs: ReturnType<typeof confusedPairs>, classes: readonly string[]): Html {
  const rows = pairs
    .slice(0, pairsShown)
    .map(({ truth, guess, count: photos, share }) => [
      classes[truth] ?? "",
      classes[guess] ?? "",
      count(photos),
      percent(share, 0),
    ]);
  return html`<div class="wide narrow">
    ${plainTable("Confused pairs", ["Is", "Taken for", "Photos", "Of the class"], rows, 2)}
  </div>`;
}

/** The matrix as a table, which can be read aloud, copied, and scrolled on a phone. */
function matrix({ classes, counts }: Confusion, names: readonly string[]): Html {
  const head = names.map((name) => html`<th scope="col"><span>${name}</span></th>`);
  const rows = names.map((name, truth) => {
    const row = counts.subarray(truth * classes, (truth + 1) * classes);
    const all = row.reduce((sum, each) => sum + each, 0);
    const cells = Array.from(row, (photos, guess) => cell(photos, all, truth === guess));
    return html`<tr>
      <th scope="row">${name}</th>
      ${cells}
    </tr> `;
  });
  return html`<div class="wide" tabindex="0" role="region" aria-label="Confusion matrix">
    <table
      class="confusion"
      aria-label="Confusion matrix: rows are what photos are, columns what they were taken for"
    >
      <thead>
        <tr>
          <td></td>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function cell(photos: number, all: number, right: boolean): Html {
  if (photos === 0) return html`<td class="none" style="--share:0">0</td>`;
  const share = photos / all;
  // A single mistake in a large class is still to be seen.
  const shade = Math.min(1, 0.1 + 0.9 * share);
  const look = [right && "right", shade > 0.55 && "strong"].filter((each) => each !== false).join(" ");
  return html`<td class="${look}" style="--share:${shade.toFixed(2)}">${count(photos)}</td>`;
}
