import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { compared } from "../../../../stages/report/compare/comparison.ts";
import { renderPage } from "../../../../stages/report/page/page.ts";
import { measuredPartsOf, reportOf, unlabelledReport } from "./report.ts";

const dress = { style: "body{}", script: 'document.title = "<b>";' };
const markup = `<script>alert("x")</script>`;

function page(...asked: Parameters<typeof reportOf>): string {
  return renderPage(reportOf(...asked), dress);
}

describe("renderPage", () => {
  it("forbids every script but its own, to the byte", () => {
    const text = page(["a", "b"]);
    const allowed = /script-src 'sha256-([^']+)'/.exec(text)?.[1];
    const [script] = [...text.matchAll(/<script>(.*?)<\/script>/gs)].map((match) => match[1] ?? "");
    expect(
      createHash("sha256")
        .update(script ?? "")
        .digest("base64"),
    ).toBe(allowed);
    expect(text).toContain("default-src 'none'");
  });

  it("lets no label, path or reason become markup", () => {
    const text = page([markup, `"quoted' & co`], {
      leftOut: {
        quarantined: [{ path: markup, label: markup, reason: markup }],
        conflicts: [{ sha256: markup, path: markup, label: markup }],
        dropped: true,
        sums: [{ kind: markup, count: 2, example: markup, hint: markup }],
        remarks: [markup],
      },
    });
    expect(text).not.toContain("<script>alert");
    expect(text).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
    expect(text).toContain("&quot;quoted&#39; &amp; co");
  });

  it("says what the network was given of pixels, where the results tell", () => {
    const shown = /<dt>Pixels<\/dt>\s*<dd>([^<]*)<\/dd>/;
    const usual = reportOf(["a", "b"]);
    expect(shown.exec(renderPage(usual, dress))?.[1]).toBe(usual.run.normalisation);
    const { run } = usual;
    expect(page(["a", "b"], { run: { ...run, normalisation: "" } })).not.toMatch(shown);
  });

  it("says how the folder was read, and what in it is no photo of the set", () => {
    const sums = [{ kind: "films", count: 3, example: "a/1.mov", hint: "" }];
    const leftOut = {
      quarantined: [],
      conflicts: [],
      dropped: false,
      sums,
      remarks: ["2 photos have no row"],
    };
    const text = page(["a", "b"], { leftOut });
    expect(text).toContain("<li>2 photos have no row</li>");
    expect(text).toContain("a/1.mov");
    expect(page(["a", "b"])).toMatch(/Nothing: every photo could be\s+read/);
  });

  it("leads from the contents to every part of the page", () => {
    const text = page(["a", "b"]);
    const links = [...text.matchAll(/<li>\s*<a href="#([^"]+)"/g)].map((match) => match[1]);
    const parts = [...text.matchAll(/<section id="([^"]+)"/g)].map((match) => match[1]);
    expect(links).toEqual(parts);
    expect(parts).toContain("classes");
  });

  it("shows the matrix itself of few classes, and of many the confused pairs first", () => {
    const names = Array.from({ length: 31 }, (_, i) => `class ${i}`);
    expect(page(names.slice(0, 30))).toContain('class="confusion"');
    const many = page(names);
    expect(many).not.toContain('class="confusion"');
    expect(many.indexOf("Confused pairs")).toBeLessThan(many.indexOf("The whole matrix, 31 × 31"));
  });

  it("says which of two measured parts chose the epoch, and that the other was scored once", () => {
    const parts = measuredPartsOf(["a", "b"]);
    const text = page(["a", "b"], { parts: { ...parts, test: parts.validation } }).replace(/\s+/g, " ");
    expect(text).toContain("The validation photos chose the epoch (2, by their loss)");
    expect(text).toContain("The test photos chose nothing and were scored once, at the end");
  });

  it("says so where nothing was held out to measure on", () => {
    const parts = measuredPartsOf(["a", "b"]);
    const text = page(["a", "b"], {
      ...{ confusion: null, calibration: null, wrong: [], unsure: [] },
      parts: { ...parts, validation: null, criterion: null, chosenBy: "last" },
    });
    expect(text).toContain("nothing says how well it does");
    expect(text).not.toContain("NaN");
  });

  it("says of photos without labels what they are, and nothing of scores", () => {
    const text = renderPage(unlabelledReport(), dress).replace(/\s+/g, " ");
    const parts = [...text.matchAll(/<section id="([^"]+)"/g)].map((match) => match[1]);
    expect(parts).toEqual(["photos", "near-duplicates", "left-out", "run"]);
    expect(text).toContain("<title>set: features report</title>");
    expect(text).toContain('href="#photos">Skip');
    expect(text).toContain("No photo has a label, so nothing was trained");
    expect(text).toContain("1,200 × 800");
    expect(text).not.toMatch(/NaN|undefined|accuracy|to train on|random|different labels/);
  });

  it("shows photos without labels that look the same, the nearest first", () => {
    const pair = {
      first: 1,
      second: 3,
      distance: 2,
      identical: false,
      acrossSplit: false,
      acrossLabels: false,
    };
    const counts = { identical: 0, acrossSplit: 0, acrossLabels: 0, distance: 4, grouped: 0 };
    const text = renderPage(
      unlabelledReport({ nearDuplicates: { ...counts, pairs: 2, listed: [pair] } }),
      dress,
    ).replace(/\s+/g, " ");
    expect(text).toContain("2 pairs of photos look the same");
    expect(text).toContain("the nearest 1 are shown");
    expect(text).toContain("2 bits apart");
    expect(text).not.toMatch(/across the split|one side of the split/);
  });

  it("sets another run beside this one", () => {
    const judged = (guess: string) => new Map([["2", { truth: "a", guess, probability: 0.9 }]]);
    const comparison = compared(
      { name: "own", judgements: judged("a") },
      { name: "other", judgements: judged("b") },
      [{ stage: "train", field: "lr", own: "0.1", other: "" }],
    );
    const text = page(["a", "b"], { comparison, thumbnails: new Map([[2, "data:image/webp;base64,AA"]]) });
    expect(text.replace(/\s+/g, " ")).toContain("<b>100.0 points better</b>");
    expect(text).toContain("Only this run is right");
    expect(text).toMatch(/lr\s*<small class="muted">train<\/small>/);
  });

  it("keeps times apart, so that all the rest of a page is the same wherever it was made", () => {
    const time = { stage: "index", peakMemoryMiB: 1, units: 1, unitsPerSecond: 1, finished: "" };
    const [fast, slow] = [1, 2].map((seconds) => page(["a", "b"], { times: [{ ...time, seconds }] }));
    const withoutTimes = (text = "") => text.replace(/<!--times-->.*<!--\/times-->/s, "");
    expect(fast).not.toBe(slow);
    expect(withoutTimes(fast)).toBe(withoutTimes(slow));
  });
});
