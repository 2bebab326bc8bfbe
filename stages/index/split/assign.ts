import { unexpected } from "../../../shared/errors.ts";
import type { IndexConfig } from "../config.ts";
import type { LabelledRow, Split } from "../row.ts";
import { groupedSplit } from "./groups.ts";
import { perClassSplit } from "./per-class.ts";
import { canStratify, stratifiedSplit } from "./stratified.ts";

export type SplitConfig = Pick<IndexConfig, "split" | "valFraction" | "splitSeed">;

/**
 * The part of each labelled row, as far as the list alone decides it: a given part is kept; where
 * none is given for validation, validation is made of what is not test. Null where the photo's
 * bytes decide (`--split hash`).
 */
export function assignedSplits(rows: readonly LabelledRow[], config: SplitConfig): (Split | null)[] {
  const isGiven = (split: Split) => rows.some((row) => row.given === split);
  if (isGiven("validation")) return rows.map((row) => row.given ?? "train");
  if (config.split === "hash") return rows.map((row) => (row.given === "test" ? "test" : null));
  return withMadeValidation(rows, config);
}

function withMadeValidation(rows: readonly LabelledRow[], config: SplitConfig): Split[] {
  const open = rows.filter((row) => row.given !== "test");
  const labels = open.map((row) => row.label);
  const groups = open.map((row) => row.group);
  const isValidation = groups.some((group) => group !== null)
    ? groupedSplit(labels, groups, config.valFraction, config.splitSeed)
    : splitByClass(labels, config);
  let next = 0;
  return rows.map((row) => {
    if (row.given === "test") return "test";
    return isValidation[next++] === true ? "validation" : "train";
  });
}

/** scikit-learn's split wherever it makes one: else a share of each class by itself. */
function splitByClass(labels: readonly string[], { split, valFraction, splitSeed }: SplitConfig): boolean[] {
  return split === "stratified" && canStratify(labels, valFraction)
    ? stratifiedSplit(labels, valFraction, splitSeed)
    : perClassSplit(labels, valFraction, splitSeed);
}

/** @throws PipelineError `data` where no photo is left to learn from, or none to check on */
export function expectBothParts(splits: readonly (Split | null)[]): void {
  for (const part of ["train", "validation"] as const) {
    if (splits.includes(part)) continue;
    throw unexpected("data", {
      where: "index",
      expected: "at least one photo",
      subject: `${part} part`,
      got: "none",
      hint: "give more photos, --split per-class, another --val-fraction or --split-seed, or smaller groups",
    });
  }
}
