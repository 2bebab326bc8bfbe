import { unexpected } from "../../shared/errors.ts";
import { nearest } from "../../shared/nearest.ts";
import { boostedTrees } from "./boosted-trees.ts";
import { forest } from "./forest.ts";
import { linearSvm } from "./linear-svm.ts";
import { logisticRegression } from "./logistic-regression.ts";
import type { Method } from "./method.ts";
import { nearestNeighbours } from "./nearest-neighbours.ts";
import { rbfSvm } from "./rbf-svm.ts";

/** The simplest first: of those that do as well as the best, the first one is to be taken. */
export const methods: readonly Method[] = [
  logisticRegression,
  linearSvm,
  nearestNeighbours,
  rbfSvm,
  forest,
  boostedTrees,
];

/**
 * The methods that `--only` names, in their own order; all without it.
 *
 * @throws PipelineError `usage` for a name that none has
 */
export function methodsNamed(only: string | undefined): readonly Method[] {
  if (only === undefined) return methods;
  const wanted = only.split(",").map((name) => name.trim());
  const known = methods.map(({ name }) => name);
  for (const name of wanted) if (!known.includes(name)) throw unknown(name, known);
  return methods.filter(({ name }) => wanted.includes(name));
}

function unknown(name: string, known: readonly string[]) {
  const near = nearest(name, known);
  return unexpected("usage", {
    where: "classify",
    expected: `some of ${known.join(", ")}`,
    subject: "--only",
    got: name,
    ...(near === null ? {} : { hint: `did you mean ${near}?` }),
  });
}
