import { describe, expect, it } from "vitest";
import { bestOnFolds } from "../../../commands/classify/best-on-folds.ts";
import { firstTwins, stratifiedFolds } from "../../../commands/classify/folds.ts";
import { largestOfRows } from "../../../commands/classify/matrix.ts";
import type { Method, Problem, Settings } from "../../../commands/classify/method.ts";
import { meansOf, problem } from "./golden.ts";

const rows = { ...problem, features: problem.training };
const folds = stratifiedFolds(problem.labels, 4, firstTwins(problem.training), 5, 0);

/** Knows the answer, and gives it the more probability the nearer C is to 32. */
function knowing(seen: Problem[] = []): Method {
  return {
    name: "knowing",
    title: "one that knows",
    scores: "probabilities",
    ladders: ["C"],
    settings: () => [{ C: 1 }, { C: 3.2 }],
    answers(given, settings) {
      seen.push(given);
      const labels = Array.from({ length: given.scored.rows }, (_, row) => labelOf(given, row));
      return Promise.resolve(
        settings.map(({ C }) => sure(labels, 0.9 / (1 + Math.abs(Math.log(32 / (C ?? 1)))))),
      );
    },
  };
}

function labelOf({ scored: { data, columns } }: Problem, row: number): number {
  const own = data.subarray(row * columns, (row + 1) * columns).join();
  for (let i = 0; i < problem.training.rows; i++)
    if (problem.training.data.subarray(i * columns, (i + 1) * columns).join() === own)
      return problem.labels[i] ?? -1;
  return -1;
}

function sure(labels: readonly number[], share: number) {
  const data = new Float32Array(labels.length * 4).fill((1 - share) / 4);
  for (const [row, label] of labels.entries()) data[row * 4 + label] = share + (1 - share) / 4;
  const scores = { rows: labels.length, columns: 4, data };
  return { predicted: largestOfRows(scores), scores };
}

describe("bestOnFolds", () => {
  it("never shows a method the rows that it is scored on", async () => {
    const seen: Problem[] = [];
    await bestOnFolds(knowing(seen), rows, folds, [{ C: 1 }], meansOf());
    expect(seen).toHaveLength(5);
    for (const { training, scored } of seen) {
      const own = new Set(rowsOf(training));
      expect(rowsOf(scored).filter((row) => own.has(row))).toEqual([]);
      expect(training.rows + scored.rows).toBe(problem.training.rows);
    }
  });

  it("goes on along a ladder until the best value is not its end", async () => {
    const method = knowing();
    const found = await bestOnFolds(method, rows, folds, method.settings(120, 12, 4), meansOf());
    expect(found.candidates.map(({ settings }: { settings: Settings }) => settings["C"])).toEqual([
      1, 3.2, 10, 32, 100,
    ]);
    expect(found.best.settings).toEqual({ C: 32 });
    expect(found.best.accuracy.mean).toBe(1);
  });

  it("leaves alone what is no ladder", async () => {
    const method: Method = { ...knowing(), ladders: [] };
    const found = await bestOnFolds(method, rows, folds, [{ C: 1 }, { C: 3.2 }], meansOf());
    expect(found.candidates).toHaveLength(2);
  });
});

function rowsOf({ rows: count, columns, data }: Problem["training"]): string[] {
  return Array.from({ length: count }, (_, row) => data.subarray(row * columns, (row + 1) * columns).join());
}
