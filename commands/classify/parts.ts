import { unexpected } from "../../shared/errors.ts";
import type { Split } from "../../shared/photos.ts";
import type { TrainingRows } from "./cross-validate.ts";
import { rowsOf } from "./matrix.ts";
import type { JoinedFeatures } from "./side-by-side.ts";

/** Labelled rows that classifiers are scored on. */
export interface ScoredPart {
  readonly name: Split;
  /** in the feature file */
  readonly rows: readonly number[];
  /** −1: a class of which there is no training row */
  readonly labels: Int32Array;
  /** what the trained head says, in the same numbers; −1 also where it says nothing */
  readonly ofHead: Int32Array;
}

/** The labelled rows by what they are for. */
export interface Parts {
  /** names of the classes that training rows have, sorted */
  readonly classes: readonly string[];
  readonly training: TrainingRows;
  /** validation and test, where they have labelled rows */
  readonly scored: readonly ScoredPart[];
}

/**
 * @throws PipelineError `data` where there are fewer than two classes to learn, or fewer training
 * rows than folds
 */
export function partsOf(joined: JoinedFeatures, folds: number): Parts {
  const rowsIn = (part: Split) =>
    [...joined.splits.keys()].filter((row) => joined.splits[row] === part && joined.labels[row] !== null);
  const training = rowsIn("train");
  const classes = [...new Set(training.map((row) => joined.labels[row] ?? ""))].sort();
  expectEnough(training.length, classes, folds);
  const numbers = new Map(classes.map((name, number) => [name, number]));
  const numbered = (texts: readonly (string | null)[], rows: readonly number[]) =>
    Int32Array.from(rows, (row) => numbers.get(texts[row] ?? "") ?? -1);
  return {
    classes,
    training: {
      features: rowsOf(joined.features, training),
      labels: numbered(joined.labels, training),
      classes: classes.length,
      blocks: joined.blocks,
    },
    scored: (["validation", "test"] as const)
      .map((name) => ({ name, rows: rowsIn(name) }))
      .filter(({ rows }) => rows.length > 0)
      .map(({ name, rows }) => ({
        name,
        rows,
        labels: numbered(joined.labels, rows),
        ofHead: numbered(joined.predictions, rows),
      })),
  };
}

function expectEnough(rows: number, classes: readonly string[], folds: number): void {
  const few = (expected: string, got: string, hint: string) =>
    unexpected("data", { where: "classify", expected, subject: "the training part", got, hint });
  if (classes.length < 2)
    throw few(
      "photos of two classes or more",
      classes.length === 0 ? "no labelled photo" : `only ${classes[0] ?? ""}`,
      "features.arrow's columns label and split say which photos are trained on; npx zx pipeline.ts all --data FOLDER, with a folder for each class or a table of path,label, gives labels",
    );
  if (rows < folds) throw few("at least as many photos as folds", `${rows} photos`, "give a smaller --folds");
}
