import type { JudgedPhoto } from "../../figures/worst.ts";
import type { Report } from "../../report.ts";
import { html, type Html } from "../html.ts";
import { percent } from "../numbers.ts";
import { type Album, className, folded, photoItem } from "../photo.ts";
import type { Section } from "../section.ts";

const open = 12;

/** The validation photos on which the network is most surely wrong, and those on which it is least sure. */
export function mistakes(report: Report): Section | null {
  const { wrong, unsure } = report;
  if (unsure.length === 0) return null;
  return {
    id: "mistakes",
    title: "Photos to look at",
    body: html`<h3>Most wrong</h3>
      ${
        wrong.length === 0
          ? html`<p>Not one validation photo was taken for something else.</p>`
          : html`<p class="note">
                Validation photos that were taken for something else with the highest probability. Often the
                label is what is wrong, or two things are in the picture.
              </p>
              ${folded(
                wrong.map((photo) => wrongPhoto(report, photo)),
                open,
                "photos",
              )}`
      }
      <h3>Most unsure</h3>
      <p class="note">
        Validation photos whose two likeliest classes are nearly as likely as each other. More photos like
        these teach most.
      </p>
      ${folded(
        unsure.map((photo) => unsurePhoto(report, photo)),
        open,
        "photos",
      )}`,
  };
}

function wrongPhoto(album: Album, { row, truth, guess, probability, truthProbability }: JudgedPhoto): Html {
  const { classes } = album.photos;
  return photoItem(
    album,
    row,
    html`<span
        ><b>${className(classes, truth)}</b> <span class="muted">${percent(truthProbability, 0)}</span></span
      ><span class="bad">taken for ${className(classes, guess)} ${percent(probability, 0)}</span>`,
  );
}

function unsurePhoto(album: Album, photo: JudgedPhoto): Html {
  const { classes } = album.photos;
  const { row, truth, guess, probability, second, secondProbability } = photo;
  const option = (label: number, share: number) =>
    html`<span class="${label === truth ? "good" : "muted"}"
      >${className(classes, label)} ${percent(share, 0)}</span
    >`;
  return photoItem(
    album,
    row,
    html`<b>${className(classes, truth)}</b
      >${option(guess, probability)}${option(second, secondProbability)}`,
  );
}
