import { counted } from "../../../../shared/counted.ts";
import type { Report } from "../../report.ts";
import { html, type Html } from "../html.ts";
import { count, duration } from "../numbers.ts";
import type { Section } from "../section.ts";
import { plainTable } from "../table.ts";

/** What was run, and how to run it again. */
export function whatWasRun(report: Report): Section {
  const { run } = report;
  return {
    id: "run",
    title: "What was run",
    body: html`<p class="note">
        The same photos and this command give the same results, wherever it is given.
      </p>
      <div class="command">
        <pre><code>${run.command}</code></pre>
        <button class="small" type="button" hidden>Copy</button>
      </div>
      <dl class="facts">
        <dt>Data</dt>
        <dd>${run.data} (${run.layout}): ${partsInWords(report)}</dd>
        <dt>Backbone</dt>
        <dd>${run.backbone} <small class="muted">sha256 ${run.backboneDigest.slice(0, 12)}…</small></dd>
        ${
          run.normalisation !== "" &&
          html`<dt>Pixels</dt>
            <dd>${run.normalisation}</dd>`
        }
        <dt>Trained</dt>
        <dd>${trainedInWords(report)}</dd>
        <dt>Views</dt>
        <dd>
          ${run.side !== null && html`${run.side} × ${run.side} pixels, `}the clean
          one${report.parts !== null && html` and ${count(run.views)} random`}
        </dd>
        <dt>Computed on</dt>
        <dd>${enginesInWords(run.engines)}</dd>
      </dl>
      ${timesTable(report)}
      <details>
        <summary>Settings, versions and keys</summary>
        ${settingsTable(report)}
        <div class="wide">
          ${plainTable("Versions", ["Library", "Version"], Object.entries(run.libraries), 2)}
        </div>
        <div class="wide">
          ${plainTable(
            "Keys",
            ["Stage", "Key of its result"],
            run.keys.map(({ stage, key }) => [stage, html`<code>${key}</code>`]),
            2,
          )}
        </div>
      </details>`,
  };
}

function partsInWords({ run, parts }: Report): string {
  const { train = 0, validation = 0, test = 0, photos = 0, labelled = 0 } = run.counts;
  if (parts === null) return `${counted(photos, "photo")} without a label`;
  return [
    `${count(train)} to train on`,
    `${count(validation)} to validate on`,
    ...(test > 0 ? [`${count(test)} to test on`] : []),
    ...(photos > labelled ? [`${count(photos - labelled)} without a label`] : []),
  ].join(", ");
}

function trainedInWords({ run, parts }: Report): string {
  if (parts === null) return "nothing, as no photo has a label";
  const blocks = run.unfrozen.length === 0 ? "" : `, and below it ${run.unfrozen.join(", ")}`;
  return `the head (${run.head})${blocks}, for ${parts.epochs} epochs, of which epoch ${parts.epoch} is kept`;
}

function enginesInWords(engines: Report["run"]["engines"]): string {
  const names = [...new Set(engines.map(({ engine }) => engine))];
  if (names.length === 1) return names[0] ?? "";
  return engines.map(({ stage, engine }) => `${stage}: ${engine}`).join(", ");
}

/** The one part of the page that no key covers. */
function timesTable({ times }: Report): Html {
  const rows = times.map(({ stage, seconds, units, unitsPerSecond, peakMemoryMiB }) => [
    stage,
    duration(seconds),
    units === null ? "" : count(units),
    unitsPerSecond === null ? "" : count(Math.round(unitsPerSecond)),
    peakMemoryMiB === null ? "" : count(Math.round(peakMemoryMiB)),
  ]);
  const all = times.reduce((sum, { seconds }) => sum + seconds, 0);
  const title = html`<h3>Times</h3>
    <p class="note">
      ${duration(all)} in all, as each stage took when it was last run; what is unchanged is not run again.
    </p>`;
  return html`<!--times-->${title}
    <div class="wide">
      ${plainTable("Times", ["Stage", "Took", "Units", "Units a second", "Peak memory, MiB"], rows)}
    </div>
    <!--/times-->`;
}

function settingsTable({ run }: Report): Html {
  if (run.settings.length === 0) return html`<p>Every setting was left at its default.</p>`;
  const rows = run.settings.map(({ field, value, stages }) => [
    field,
    html`<code>${typeof value === "string" ? value : JSON.stringify(value)}</code>`,
    stages.join(", "),
  ]);
  return html`<div class="wide">
    ${plainTable("Settings that are not their defaults", ["Setting", "Value", "Read by"], rows, 3)}
  </div>`;
}
