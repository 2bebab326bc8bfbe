import { type Means, matrixGraph, step, withGraph } from "./computing.ts";
import { largestOfRows, type Matrix, rowsBetween, tensorOf } from "./matrix.ts";
import type { Method, Problem } from "./method.ts";

/** How many rows are compared with all training rows at once. */
const rowsAtOnce = 512;

/**
 * k-NN by cosine similarity: scikit-learn's `KNeighborsClassifier(k, metric="cosine")`, each neighbour one vote, on the features as
 * they are. Where they come from several files, the similarity is the mean of each file's own cosine.
 */
export const nearestNeighbours: Method = {
  name: "knn",
  title: "k-NN (cosine)",
  scores: "probabilities",
  settings: (rows) => [1, 3, 5, 10, 20, 40].filter((k) => k <= rows).map((k) => ({ k })),
  async answers(problem, settings, means) {
    const farthest = Math.max(...settings.map(({ k }) => k ?? 1));
    const neighbours = await nearestRows(problem, farthest, means);
    return settings.map(({ k = 1 }) => {
      const scores = votes(neighbours, k, problem);
      return { predicted: largestOfRows(scores), scores };
    });
  },
};

const nearestGraph = matrixGraph(
  ["scored m d", "training n d", "count 1"],
  ["rows m k"],
  [
    step("Gemm", ["scored", "training"], "similarities", { transB: 1 }),
    step("Cast", ["count"], "k", { to: 7 }),
    {
      op: "TopK",
      name: "nearest",
      inputs: ["similarities", "k"],
      outputs: ["largest", "indices"],
      attributes: { axis: 1 },
    },
    step("Cast", ["indices"], "rows", { to: 1 }),
  ],
);

/** The numbers of the training rows that are nearest to each scored one, the nearest first: [scored, count]. */
async function nearestRows(
  { training, scored, blocks }: Problem,
  count: number,
  means: Means,
): Promise<Matrix> {
  const [from, to] = [ofUnitLength(scored, blocks), ofUnitLength(training, blocks)];
  const found = new Float32Array(scored.rows * count);
  await withGraph(nearestGraph, means, async (run) => {
    for (let first = 0; first < from.rows; first += rowsAtOnce) {
      const some = rowsBetween(from, first, Math.min(first + rowsAtOnce, from.rows));
      const outputs = await run({
        scored: tensorOf(some),
        training: tensorOf(to),
        count: { type: "float32", dims: [1], data: Float32Array.of(count) },
      });
      found.set(outputs("rows").data, first * count);
    }
  });
  return { rows: scored.rows, columns: count, data: found };
}

/** Each row's part in each block divided by its length; a part of zeros stays. */
function ofUnitLength({ rows, columns, data }: Matrix, blocks: readonly number[]): Matrix {
  const scaled = new Float32Array(data.length);
  let first = 0;
  for (let row = 0; row < rows; row++)
    for (const width of blocks) {
      let squares = 0;
      for (let i = first; i < first + width; i++) squares += (data[i] as number) ** 2;
      const length = squares === 0 ? 1 : Math.sqrt(squares);
      for (let i = first; i < first + width; i++) scaled[i] = (data[i] as number) / length;
      first += width;
    }
  return { rows, columns, data: scaled };
}

/** The share of each class among the k nearest: [scored, classes]. */
function votes({ rows, columns, data }: Matrix, k: number, { labels, classes }: Problem): Matrix {
  const shares = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row++)
    for (let place = 0; place < k; place++) {
      const label = labels[data[row * columns + place] as number] as number;
      shares[row * classes + label] = (shares[row * classes + label] as number) + 1 / k;
    }
  return { rows, columns: classes, data: shares };
}
