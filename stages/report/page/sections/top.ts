import { counted } from "../../../../shared/counted.ts";
import type { Report } from "../../report.ts";
import { html, type Html } from "../html.ts";
import { count, percent, percentRange } from "../numbers.ts";

/** The first thing that is seen: how well it went, in a sentence and a few figures. */
export function top(report: Report): Html {
  const { run, photos, parts } = report;
  return html`<header class="top" id="top">
    <p class="kicker">Fine-tuning report · ${run.data}</p>
    <button class="theme" type="button" hidden>Dark</button>
    <h1>${headline(report)}</h1>
    <p class="lead">${photosInWords(report)} ${networkInWords(report)}</p>
    <dl class="figures">
      ${[
        parts.validation !== null &&
          figure(
            "Validation accuracy",
            percent(parts.validation.accuracy),
            percentRange(parts.validation.interval),
          ),
        parts.test !== null &&
          figure("Test accuracy", percent(parts.test.accuracy), percentRange(parts.test.interval)),
        parts.validation !== null &&
          figure(
            "Macro-F1",
            percent(parts.validation.macroF1),
            `balanced ${percent(parts.validation.balancedAccuracy)}`,
          ),
        figure("Photos", count(photos.count), `${count(run.counts["train"] ?? 0)} trained on`),
        figure("Classes", count(photos.classes.length), perClass(report)),
      ]}
    </dl>
  </header>`;
}

function headline({ parts, run }: Report): Html {
  const [best, which] = parts.validation === null ? [parts.test, "test"] : [parts.validation, "validation"];
  if (best === null) return html`${run.data}: trained, with no photos to measure on`;
  return html`${percent(best.accuracy)} of ${count(best.photos)} ${which} photos recognised`;
}

function photosInWords({ photos, run }: Report): string {
  const { labelled = photos.count } = run.counts;
  const unlabelled = photos.count - labelled;
  const extra = unlabelled > 0 ? `, ${count(unlabelled)} of them without a label` : "";
  return `${counted(photos.count, "photo")} of ${counted(photos.classes.length, "class", "classes")}${extra}.`;
}

function networkInWords({ run }: Report): string {
  const head = run.head === "linear" ? "a new linear head" : `a new head (${run.head})`;
  if (run.unfreeze === "0") return `${run.backbone}, frozen, with ${head} trained on its features.`;
  const blocks = run.unfrozen.length;
  const tuned = run.unfreeze === "all" ? "all of it tuned" : `its last ${counted(blocks, "block")} tuned`;
  return `${run.backbone}, ${tuned} together with ${head}.`;
}

function perClass({ photos }: Report): string {
  const sizes = photos.classes.map(() => 0);
  for (const label of photos.labels) if (label >= 0) sizes[label] = (sizes[label] ?? 0) + 1;
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  return least === most ? `${count(least)} photos each` : `${count(least)} to ${count(most)} photos each`;
}

function figure(name: string, value: string, beside: string): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}<small>${beside}</small></dd>
  </div>`;
}
