import { standardError } from "../sweep/score.ts";
import { compared, countRight } from "./score.ts";
import { percent, settingsInWords } from "./table.ts";
import type { Result } from "./try-methods.ts";

/** Which classifier to take: the first, they are the simplest first, within one standard error of the most accurate on the folds. */
export function oneToTake(results: readonly Result[]): { taken: Result; best: Result } | null {
  const [first, ...others] = results;
  if (first === undefined) return null;
  const best = others.reduce((a, b) => (b.best.accuracy.mean > a.best.accuracy.mean ? b : a), first);
  const enough = best.best.accuracy.mean - standardError(best.best.accuracy);
  const taken = results.find((each) => each.best.accuracy.mean >= enough) ?? best;
  return { taken, best };
}

/** Which one to take and why, and how it compares with the run's trained head on the same photos. */
export function adviceOf(results: readonly Result[]): string {
  const one = oneToTake(results);
  if (one === null) return "nothing was tried\n";
  const { taken } = one;
  const lines = [
    `take the ${taken.method.title} (${settingsInWords(taken.best.settings)}): ${reasonFor(results, one)}`,
  ];
  return [...lines, ...taken.parts.flatMap((part) => besideHead(taken, part))]
    .map((line) => `${line}\n`)
    .join("");
}

function reasonFor(results: readonly Result[], { taken, best }: { taken: Result; best: Result }): string {
  if (results.length === 1) return "it is the only one that was tried";
  const points = `${(100 * standardError(best.best.accuracy)).toFixed(1)} points`;
  return taken === best
    ? `the most accurate on the folds, and nothing simpler comes within one standard error (${points})`
    : `the simplest within one standard error (${points}) of the most accurate on the folds, the ${best.method.title}`;
}

function besideHead({ method }: Result, { part, predicted }: Result["parts"][number]): string[] {
  if (part.ofHead.every((guess) => guess === -1)) return [];
  const { firstOnly, secondOnly, p } = compared(predicted, part.ofHead, part.labels);
  const rows = part.labels.length;
  const [own, ofHead] = [countRight(predicted, part.labels), countRight(part.ofHead, part.labels)];
  const verdict = p < 0.05 ? "more than chance would do" : "no more than chance would do";
  const chose = part.name === "validation" ? "; the head's epoch was chosen on these photos" : "";
  return [
    `${part.name}: the trained head ${percent(ofHead / rows)}, the ${method.title} ${percent(own / rows)}; ` +
      `right alone ${secondOnly} and ${firstOnly} times of ${rows}, ${verdict} (${likelihood(p)})${chose}`,
  ];
}

function likelihood(p: number): string {
  return p < 0.01 ? "p < 0.01" : `p = ${p.toFixed(2)}`;
}
