import { counted } from "../../../../shared/counted.ts";
import type { Report } from "../../report.ts";
import { accuracyCurve, lossCurves } from "../charts/curves.ts";
import { html } from "../html.ts";
import type { Section } from "../section.ts";

/** Loss and accuracy, epoch by epoch. */
export function curves({ epochs, parts, run }: Report): Section | null {
  if (parts === null) return null;
  const validated = parts.validation !== null;
  const kept =
    parts.criterion === null
      ? "There were no validation photos, so the last epoch is kept."
      : `Epoch ${parts.epoch} of ${parts.epochs} is kept: the one with the ${parts.criterion === "loss" ? "lowest loss" : "highest macro-F1"} on the validation photos.`;
  return {
    id: "curves",
    title: "Training",
    body: html`<p>${kept} ${trainingLoss(run.views)}</p>
      <div class="charts">
        <figure class="chart">
          <figcaption>Loss</figcaption>
          ${lossCurves(epochs, parts.epoch)}
          <ul class="keys">
            ${validated && html`<li><i style="--key:var(--accent)"></i>validation</li>`}
            <li><i style="--key:var(--muted)"></i>training</li>
          </ul>
        </figure>
        ${
          validated &&
          html`<figure class="chart">
            <figcaption>Accuracy</figcaption>
            ${accuracyCurve(epochs, parts.epoch)}
            <ul class="keys">
              <li>
                <i style="--key:var(--accent)"></i>validation, ${counted(parts.validation.photos, "photo")}
              </li>
            </ul>
          </figure>`
        }
      </div>`,
  };
}

/** Why the training loss is no smooth line below the other. */
function trainingLoss(views: number): string {
  const measured =
    "The training loss is that of each photo before its own step, with label smoothing where there is some";
  return views > 0
    ? `${measured}; it goes up and down with the views, clean or random, that the epochs take in turn.`
    : `${measured}.`;
}
