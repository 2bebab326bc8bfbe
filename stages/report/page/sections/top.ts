import { counted } from "../../../../shared/counted.ts";
import type { MeasuredParts } from "../../figures/parts.ts";
import type { Report } from "../../report.ts";
import { html, type Html } from "../html.ts";
import { count, percent, percentRange } from "../numbers.ts";

/** The first thing that is seen: how well it went, in a sentence and a few figures. */
export function top(report: Report): Html {
  const { parts } = report;
  return parts === null
    ? header(
        report,
        "Features report",
        html`${counted(report.photos.count, "photo")}, without labels`,
        untrained(report),
      )
    : header(report, "Fine-tuning report", headline(report, parts), trained(report, parts));
}

function header(report: Report, kicker: string, title: Html, figures: readonly (Html | false)[]): Html {
  return html`<header class="top" id="top">
    <p class="kicker">${kicker} · ${report.run.data}</p>
    <button class="theme" type="button" hidden>Dark</button>
    <h1>${title}</h1>
    <p class="lead">${photosInWords(report)} ${networkInWords(report)}</p>
    <dl class="figures">${figures}</dl>
  </header>`;
}

function trained(report: Report, { validation, test }: MeasuredParts): (Html | false)[] {
  const { run, photos } = report;
  return [
    validation !== null &&
      figure("Validation accuracy", percent(validation.accuracy), percentRange(validation.interval)),
    test !== null && figure("Test accuracy", percent(test.accuracy), percentRange(test.interval)),
    validation !== null &&
      figure("Macro-F1", percent(validation.macroF1), `balanced ${percent(validation.balancedAccuracy)}`),
    figure("Photos", count(photos.count), `${count(run.counts["train"] ?? 0)} trained on`),
    figure("Classes", count(photos.classes.length), perClass(report)),
  ];
}

function untrained({ photos, overview }: Report): Html[] {
  const { different = 0, shape = [] } = overview ?? {};
  return [
    figure("Photos", count(photos.count), `${count(different)} with different bytes`),
    figure("Features", shape.map(count).join(" × "), "of each photo"),
  ];
}

function headline({ run }: Report, parts: MeasuredParts): Html {
  const [best, which] = parts.validation === null ? [parts.test, "test"] : [parts.validation, "validation"];
  if (best === null) return html`${run.data}: trained, with no photos to measure on`;
  return html`${percent(best.accuracy)} of ${count(best.photos)} ${which} photos recognised`;
}

function photosInWords({ photos, run, parts }: Report): string {
  if (parts === null) return "No photo has a label: features were made, and nothing was trained.";
  const { labelled = photos.count } = run.counts;
  const unlabelled = photos.count - labelled;
  const extra = unlabelled > 0 ? `, ${count(unlabelled)} of them without a label` : "";
  return `${counted(photos.count, "photo")} of ${counted(photos.classes.length, "class", "classes")}${extra}.`;
}

function networkInWords({ run, parts }: Report): string {
  if (parts === null) return `They are those of ${run.backbone}, as it was pretrained.`;
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
