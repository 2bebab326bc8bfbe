import { counted } from "../../../../shared/counted.ts";
import type { Report } from "../../report.ts";
import { html } from "../html.ts";
import type { Section } from "../section.ts";
import { plainTable } from "../table.ts";

const mostRows = 200;

/** Photos that could not be used, and bytes that stand under several labels. */
export function leftOut({
  leftOut: { quarantined, conflicts, dropped, sums, remarks },
  run,
  parts,
}: Report): Section {
  const { duplicates = 0 } = run.counts;
  return {
    id: "left-out",
    title: "Set aside",
    body:
      quarantined.length + conflicts.length + sums.length + remarks.length === 0
        ? html`<p>
            Nothing: every photo could be
            read${parts !== null && ", and no two files with the same bytes stand under different labels"}.
          </p>`
        : html`${remarkList(remarks)} ${sumTable(sums)}
            <h3>Quarantine</h3>
            ${
              quarantined.length === 0
                ? html`<p>Every photo could be read.</p>`
                : html`<p>
                      ${counted(quarantined.length, "photo")} could not be used${cut(quarantined.length)}.
                    </p>
                    <div class="wide">
                      ${plainTable(
                        "Quarantine",
                        ["Photo", "Label", "Why"],
                        quarantined
                          .slice(0, mostRows)
                          .map(({ path, label, reason }) => [path, label, reason]),
                        3,
                      )}
                    </div>`
            }
            ${parts !== null && html`<h3>Conflicting labels</h3>`}
            ${
              parts === null
                ? null
                : conflicts.length === 0
                  ? html`<p>
                      No two files with the same bytes stand under different
                      labels${duplicates > 0 ? ` (${counted(duplicates, "file")} ${duplicates === 1 ? "repeats" : "repeat"} another’s bytes under the same one)` : ""}.
                    </p>`
                  : html`<p>
                        ${counted(conflicts.length, "file")} have bytes that stand under different labels;
                        they were ${dropped ? "left out" : "kept"}${cut(conflicts.length)}.
                      </p>
                      <div class="wide">
                        ${plainTable(
                          "Conflicts",
                          ["Photo", "Label", "sha256"],
                          conflicts
                            .slice(0, mostRows)
                            .map(({ path, label, sha256 }) => [
                              path,
                              label,
                              html`<code>${sha256.slice(0, 12)}…</code>`,
                            ]),
                          3,
                        )}
                      </div>`
            }`,
  };
}

function remarkList(remarks: Report["leftOut"]["remarks"]) {
  if (remarks.length === 0) return html``;
  return html`<h3>How the folder was read</h3>
    <ul>
      ${remarks.map((remark) => html`<li>${remark}</li>`)}
    </ul>`;
}

function sumTable(sums: Report["leftOut"]["sums"]) {
  if (sums.length === 0) return html``;
  return html`<h3>No photos of the set</h3>
    <p>Each of them is in left-out.csv beside the index.</p>
    <div class="wide">
      ${plainTable(
        "No photos of the set",
        ["What", "How many", "For example", "What would use them"],
        sums.map(({ kind, count, example, hint }) => [kind, String(count), example, hint]),
        4,
      )}
    </div>`;
}

function cut(rows: number): string {
  return rows > mostRows ? `; the first ${mostRows} are shown` : "";
}
