import type { Matrix } from "./matrix.ts";

/** Features as 8-bit numbers, column by column, on memory that threads share. */
export interface Binned {
  readonly rows: number;
  readonly columns: number;
  /** [columns, rows]: how many of the column's edges lie below the value */
  readonly bins: Uint8Array;
}

/** As many as a byte tells apart, but for the one that scikit-learn's histograms keep for missing values. */
const mostBins = 255;

/**
 * The edges between the bins of each column: halfway between its values where there are few, else its percentiles, as scikit-learn's
 * HistGradientBoosting has them.
 */
export function edgesOf({ rows, columns, data }: Matrix): Float32Array[] {
  const column = new Float32Array(rows);
  return Array.from({ length: columns }, (_, j) => {
    for (let i = 0; i < rows; i++) column[i] = data[i * columns + j] as number;
    column.sort();
    const distinct = column.filter((value, i) => i === 0 || value !== column[i - 1]);
    if (distinct.length <= mostBins)
      return distinct.slice(1).map((value, i) => middle(distinct[i] as number, value));
    const percentiles = Float32Array.from({ length: mostBins - 1 }, (__, i) => {
      const place = ((i + 1) / mostBins) * (rows - 1);
      return middle(column[Math.floor(place)] as number, column[Math.ceil(place)] as number);
    });
    return percentiles.filter((value, i) => i === 0 || value !== percentiles[i - 1]);
  });
}

function middle(a: number, b: number): number {
  return a + (b - a) / 2;
}

export function binned({ rows, columns, data }: Matrix, edges: readonly Float32Array[]): Binned {
  const bins = new Uint8Array(new SharedArrayBuffer(rows * columns));
  for (const [j, thresholds] of edges.entries())
    for (let i = 0; i < rows; i++)
      bins[j * rows + i] = edgesBelow(data[i * columns + j] as number, thresholds);
  return { rows, columns, bins };
}

function edgesBelow(value: number, edges: Float32Array): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (value <= (edges[mid] as number)) high = mid;
    else low = mid + 1;
  }
  return low;
}

/** A copy on memory that threads share. */
export function sharedLabels(labels: Int32Array): Int32Array {
  const copy = new Int32Array(new SharedArrayBuffer(labels.byteLength));
  copy.set(labels);
  return copy;
}
