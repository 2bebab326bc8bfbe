import { describe, expect, it } from "vitest";
import { accuracyCurve, lossCurves } from "../../../../stages/report/page/charts/curves.ts";
import { confusionHeatMap } from "../../../../stages/report/page/charts/heat-map.ts";
import { mapDrawing } from "../../../../stages/report/page/charts/map.ts";

const epochs = [0.9, 0.5, 0.4, 0.45].map((loss, i) => ({
  ...{ epoch: i + 1, learningRate: 0.001, trainLoss: loss - 0.1 },
  validation: { loss, accuracy: 1 - loss },
}));

/** Colours that an element states, but for the page's own. */
function foreignColours(svg: string): string[] {
  const stated = [...svg.matchAll(/(?:fill|stroke)="([^"]*)"/g)].map((match) => match[1] ?? "");
  // What is clipped with has no colour that is seen.
  const seen = stated.filter((_, i) => stated[i] !== "#000");
  return seen.filter((colour) => colour !== "none" && !colour.startsWith("var(--"));
}

describe("curves", () => {
  it("are drawn in the page's colours alone, so that dark and light are one drawing", () => {
    expect(foreignColours(lossCurves(epochs, 3).text)).toEqual([]);
    expect(foreignColours(accuracyCurve(epochs, 3).text)).toEqual([]);
  });

  it("say in words what they show, and which epoch is kept", () => {
    expect(lossCurves(epochs, 3).text).toMatch(
      /^<svg role="img" aria-label="Loss over 4 epochs.*epoch 3 is kept"/,
    );
  });

  it("bring no style, script or class of the library's onto the page", () => {
    const { text } = lossCurves(epochs, 3);
    expect(text).not.toMatch(/<style|<script|class=|ecmeta|zr\d/);
  });

  it("give the same bytes however many charts the process drew before", () => {
    expect(lossCurves(epochs, 3).text).toBe(lossCurves(epochs, 3).text);
  });

  it("can be drawn without a validation part, and of a single epoch", () => {
    const alone = epochs.slice(0, 1).map((epoch) => ({ ...epoch, validation: null }));
    expect(lossCurves(alone, 1).text).toContain("<svg");
  });
});

describe("confusionHeatMap", () => {
  it("draws a square for each pair that occurs, and escapes the classes' names", () => {
    const counts = Uint32Array.from([3, 1, 0, 0, 2, 0, 0, 0, 4]);
    const { text } = confusionHeatMap({ classes: 3, counts }, ["a<b", "b", "c"]);
    expect(text.match(/fill="var\(--(?:accent|other)\)"/g)).toHaveLength(4);
    expect(text).toContain("a&lt;b");
  });
});

describe("mapDrawing", () => {
  it("draws a path a class with a dot for each of its photos, and marks those that are taken for something else", () => {
    const dots = [
      { x: 10, y: 20, label: 1, wrong: false },
      { x: 30, y: 40, label: 1, wrong: true },
      { x: 50, y: 60, label: -1, wrong: false },
    ];
    const { text } = mapDrawing(dots, 2, "Map");
    expect(text).toContain('d="M10 20h0M30 40h0"');
    expect(text).toContain('data-class="-1"');
    expect(text).toContain('class="wrong" d="M25 35l10 10m0 -10l-10 10"');
  });
});
