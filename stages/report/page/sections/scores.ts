import type { MeasuredParts } from "../../figures/parts.ts";
import type { Scores } from "../../figures/scores.ts";
import type { Report } from "../../report.ts";
import { html, type Html, trusted } from "../html.ts";
import { count, decimal, percent, percentRange } from "../numbers.ts";
import type { Section } from "../section.ts";
import { plainTable } from "../table.ts";

/** How well it went, by several measures, on the validation part and on the test part. */
export function scores({ parts }: Report): Section | null {
  if (parts === null) return null;
  const columns = [
    ...(parts.validation === null ? [] : [{ name: "Validation", scores: parts.validation }]),
    ...(parts.test === null ? [] : [{ name: "Test", scores: parts.test }]),
  ];
  const row = (name: string, value: (scores: Scores) => string | Html) => [
    name,
    ...columns.map((column) => value(column.scores)),
  ];
  const rows = [
    row("Photos", ({ photos }) => count(photos)),
    row("Accuracy", ({ accuracy }) => html`<b>${percent(accuracy)}</b>`),
    row("95 % interval", ({ interval }) => percentRange(interval)),
    row("", (own) =>
      intervalBar(
        own,
        columns.map((column) => column.scores),
      ),
    ),
    row("Balanced accuracy (mean recall of the classes)", ({ balancedAccuracy }) =>
      percent(balancedAccuracy),
    ),
    row("Macro-F1", ({ macroF1 }) => percent(macroF1)),
    row("Right class among the five likeliest", ({ top5 }) => percent(top5)),
    row("Log loss", ({ loss }) => decimal(loss, 4)),
  ];
  return {
    id: "scores",
    title: "How well it does",
    body: html`<p>${whoChose(parts)}</p>
      ${
        columns.length > 0 &&
        html`<div class="wide narrow">
            ${plainTable("Scores", ["", ...columns.map(({ name }) => name)], rows)}
          </div>
          <p class="note">
            The interval is Wilson’s, at 95 %: what the number of photos alone leaves open. The log loss is of
            calibrated probabilities.
          </p>`
      }`,
  };
}

/** Which of the two figures was also used to choose, and so flatters. */
function whoChose({ validation, test, criterion, epoch }: MeasuredParts): string {
  const chosenBy = criterion === "macro-f1" ? "macro-F1" : "loss";
  if (validation === null && test === null)
    return "No labelled photos were held out, so nothing says how well it does. --val-fraction holds some out.";
  if (validation === null)
    return "No validation photos were held out: the last epoch was kept, and the test photos, which chose nothing, were scored once.";
  const chose = `The validation photos chose the epoch (${epoch}, by their ${chosenBy}), so their figures are a little too good`;
  return test === null
    ? `${chose}. A labelled test part would be scored once, after everything was chosen; this set has none.`
    : `${chose}. The test photos chose nothing and were scored once, at the end: theirs is the figure to quote.`;
}

/** The accuracy in its interval, on one scale for all parts. */
function intervalBar({ accuracy, interval }: Scores, all: readonly Scores[]): Html {
  const least = Math.floor(10 * Math.min(...all.map((each) => each.interval.low))) / 10;
  const most = Math.min(1, Math.ceil(10 * Math.max(...all.map((each) => each.interval.high))) / 10);
  const at = (share: number) => (200 * (share - least)) / (most - least || 1);
  const [low, middle, high] = [at(interval.low), at(accuracy), at(interval.high)].map((x) => x.toFixed(1));
  const label = `${percent(accuracy)}, between ${percentRange(interval)}`;
  return html`<svg viewBox="-4 0 208 26" width="208" height="26" role="img" aria-label="${label}">
    ${trusted(
      `<line x1="0" x2="200" y1="8" y2="8" stroke="var(--line)"/><line x1="${low ?? ""}" x2="${high ?? ""}" y1="8" y2="8" stroke="var(--accent)" stroke-width="5" stroke-opacity="0.35" stroke-linecap="round"/><circle cx="${middle ?? ""}" cy="8" r="4.5" fill="var(--accent)"/><text x="0" y="24" font-size="10" fill="var(--muted)">${percent(least, 0)}</text><text x="200" y="24" font-size="10" text-anchor="end" fill="var(--muted)">${percent(most, 0)}</text>`,
    )}
  </svg>`;
}
