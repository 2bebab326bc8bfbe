import { softmaxRows } from "../../shared/calibration/softmax.ts";
import { binned, edgesOf, sharedLabels } from "./bins.ts";
import { largestOfRows } from "./matrix.ts";
import type { Method } from "./method.ts";

/** The most trees of an ensemble: a round has one for each class. */
const mostTrees = 6000;
const rate = 0.2;
const columns = 32;
const limits = { leaves: 8, leastRows: 10, decay: 1 };

/**
 * Gradient-boosted trees as scikit-learn's HistGradientBoostingClassifier grows them, but with 32 columns drawn for each tree. One ensemble
 * answers for every number of rounds on the way.
 */
export const boostedTrees: Method = {
  name: "trees",
  title: "gradient-boosted trees",
  scores: "probabilities",
  foldsAtOnce: true,
  settings: (_, __, classes) =>
    [25, 50, 100, 200]
      .filter((rounds) => rounds === 25 || rounds * classes <= mostTrees)
      .map((rounds) => ({ rounds })),
  async answers({ training, labels, classes, scored }, settings, { seed, work }) {
    const edges = edgesOf(training);
    const rounds = [...new Set(settings.map((each) => each["rounds"] ?? 1))].sort((a, b) => a - b);
    const found = await work("boosting", {
      training: binned(training, edges),
      labels: sharedLabels(labels),
      classes,
      scored: binned(scored, edges),
      ...{ seed, rounds, rate, columns: Math.min(columns, training.columns), limits },
    });
    return settings.map((each) => {
      const data = found[rounds.indexOf(each["rounds"] ?? 1)] as Float32Array; // one for each number
      const scores = { rows: scored.rows, columns: classes, data: softmaxRows(data, classes) };
      return { predicted: largestOfRows(scores), scores };
    });
  },
};
