import { inParallel } from "../../shared/parallel.ts";
import { binned, edgesOf, sharedLabels } from "./bins.ts";
import { largestOfRows } from "./matrix.ts";
import type { Answers, Method } from "./method.ts";

/** scikit-learn's default. */
const trees = 100;
/** Trees of one task: fixed, so that sums come in one order whatever the number of threads. */
const treesAtOnce = 10;

/** scikit-learn's `RandomForestClassifier(100, max_features)`, thresholds between 255 percentiles of each feature. */
export const forest: Method = {
  name: "forest",
  title: "random forest",
  scores: "probabilities",
  settings: (_, columns) => {
    const root = Math.max(1, Math.floor(Math.sqrt(columns)));
    return [...new Set([root, Math.min(columns, 2 * root)])].map((features) => ({ features }));
  },
  async answers({ training, labels, classes, scored }, settings, { threads, seed, work }) {
    const edges = edgesOf(training);
    const common = {
      training: binned(training, edges),
      labels: sharedLabels(labels),
      classes,
      scored: binned(scored, edges),
      seed,
    };
    const starts = Array.from({ length: trees / treesAtOnce }, (_, i) => i * treesAtOnce);
    const answers: Answers[] = [];
    for (const { features = 1 } of settings) {
      const parts = await inParallel(starts, threads, (first) =>
        work("trees", { ...common, first, end: first + treesAtOnce, columnsTried: features, leastRows: 1 }),
      );
      const data = new Float32Array(scored.rows * classes);
      for (const part of parts)
        for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) + (part[i] as number) / trees;
      const scores = { rows: scored.rows, columns: classes, data };
      answers.push({ predicted: largestOfRows(scores), scores });
    }
    return answers;
  },
};
