import { createHash } from "node:crypto";
import type { Report } from "../report.ts";
import { html, trusted } from "./html.ts";
import type { Section } from "./section.ts";
import { calibration } from "./sections/calibration.ts";
import { classes } from "./sections/classes.ts";
import { comparison } from "./sections/comparison.ts";
import { confusion } from "./sections/confusion.ts";
import { curves } from "./sections/curves.ts";
import { labelErrorsSection } from "./sections/labels.ts";
import { leftOut } from "./sections/left-out.ts";
import { lookAlikes } from "./sections/look-alikes.ts";
import { featureMapSection } from "./sections/map.ts";
import { mistakes } from "./sections/mistakes.ts";
import { overview } from "./sections/overview.ts";
import { whatWasRun } from "./sections/run.ts";
import { scores } from "./sections/scores.ts";
import { top } from "./sections/top.ts";

/** What makes a page look and behave: the texts of page.css and page.js. */
export interface Dress {
  readonly style: string;
  readonly script: string;
}

/**
 * The page's parts, in the order in which they are read: how well it went, what goes wrong, what is
 * wrong with the data, the run.
 */
const sections: readonly ((report: Report) => Section | null)[] = [
  overview,
  scores,
  comparison,
  curves,
  classes,
  confusion,
  calibration,
  mistakes,
  featureMapSection,
  labelErrorsSection,
  lookAlikes,
  leftOut,
  whatWasRun,
];

/**
 * The report as one HTML file that fetches nothing: what it shows is within it, and its policy
 * forbids all else.
 */
export function renderPage(report: Report, { style, script }: Dress): string {
  const shown = sections.map((section) => section(report)).filter((section) => section !== null);
  // Of a script its very bytes are digested, blanks and all. Style attributes carry shares and
  // colours, so styles are not held to a digest; the one script is.
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${digest(script)}'; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${trusted(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${report.run.data}: ${report.parts === null ? "features" : "fine-tuning"} report</title>
        <link rel="icon" href="data:," />
        ${trusted(`<style>${style}</style>`)}
      </head>
      <body>
        <a class="skip" href="#${shown[0]?.id}">Skip to the figures</a>
        <div class="page">
          <nav class="contents" aria-label="Contents">
            <ol>
              ${shown.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
            </ol>
          </nav>
          <main>
            ${top(report)}
            ${shown.map(
              ({ id, title, body }) =>
                html`<section id="${id}">
                  <h2>${title}</h2>
                  ${body}
                </section> `,
            )}
            <footer>
              <p>
                Written by image-finetune from results that are named by their contents; nothing on this page
                is fetched from anywhere.
              </p>
            </footer>
          </main>
        </div>
        ${trusted(`<script>${script}</script>`)}
      </body>
    </html> `.text;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
