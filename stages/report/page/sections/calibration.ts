import type { Report } from "../../report.ts";
import { reliabilityDiagram } from "../charts/reliability.ts";
import { html } from "../html.ts";
import { count, decimal, percent } from "../numbers.ts";
import type { Section } from "../section.ts";
import { plainTable } from "../table.ts";

/** Whether probabilities mean what they say. */
export function calibration({ calibration: figures }: Report): Section | null {
  if (figures === null) return null;
  const { before, after, noiseFloor, fitted, photos } = figures;
  const bins = after.bins.length;
  const label = `Reliability diagram of ${photos} validation photos: expected calibration error ${percent(before.ece)} before temperature scaling, ${percent(after.ece)} after it`;
  const fittedOn =
    fitted.method === "out-of-fold"
      ? `${count(fitted.photos)} training photos, each answered by a head of ${fitted.folds} that was not trained on it`
      : `${count(fitted.photos)} training photos that a second training of the same recipe held out`;
  return {
    id: "calibration",
    title: "Whether probabilities mean what they say",
    body: html`<p>
        Of the guesses that are given 80 %, 80 % should be right: on the diagonal. Temperature scaling divides
        the logits by one number, here ${decimal(fitted.temperature)}, fitted on ${fittedOn}; it changes how
        sure the network is and no guess. It is part of model.onnx.
      </p>
      <div class="charts">
        <figure class="chart">
          <figcaption>Reliability <small>${count(photos)} validation photos</small></figcaption>
          ${reliabilityDiagram(before.bins, after.bins, label)}
          <ul class="keys">
            <li><i style="--key:var(--other)"></i>before</li>
            <li><i style="--key:var(--accent)"></i>after temperature scaling</li>
          </ul>
        </figure>
        <div>
          <div class="wide">
            ${plainTable(
              "Calibration before and after temperature scaling",
              ["", "Before", "After"],
              [
                ["Expected calibration error", percent(before.ece, 2), percent(after.ece, 2)],
                ["Log loss", decimal(before.loss, 4), decimal(after.loss, 4)],
              ],
            )}
          </div>
          <p class="note">
            In ${bins} bins of equal width. With so few photos even exact probabilities would show an error of
            ${percent(noiseFloor, 2)} (the noise floor: labels drawn from the stated probabilities
            themselves); what is near it says nothing against the network.
          </p>
        </div>
      </div>`,
  };
}
