import { createHash } from "node:crypto";
import { UMAP } from "umap-js";
import type { IndexedPhotos } from "../../../shared/photos.ts";
import { randomFor } from "../../../shared/random.ts";
import { nearestNeighbours } from "./nearest-neighbours.ts";
import { principalComponents } from "./principal-components.ts";

/** Where photos lie on a map on which those with similar features are near each other. */
export interface FeatureMap {
  /** row numbers in the index */
  readonly rows: Int32Array;
  /** [photos, 2]: x and y, both within [0, 1] and on one scale, without a unit */
  readonly points: Float32Array;
  /** how many principal components the map was made from */
  readonly components: number;
  /** the share of the features' variance that these hold, in [0, 1] */
  readonly variance: number;
}

/** More photos would crowd the map, and the page. */
const mostPhotos = 2000;

/** What UMAP is given: it works on neighbourhoods, which the first components hold with less noise. */
const mostComponents = 50;

/** UMAP's own defaults. */
const [neighbourhood, nearestTogether] = [15, 0.1];

/** Rounds of moving points: more than double the time, and a map of 2,000 dogs is no clearer after 500. */
const rounds = 200;

/**
 * The photos to draw: all, or a sample in which each class, unlabelled photos being one, has its share and at least one photo
 * as long as there is room. Within a class chance decides: whose sha256, hashed with the seed, comes first.
 *
 * @returns row numbers, ascending
 */
export function photosOnMap(
  photos: Pick<IndexedPhotos, "labels" | "sha256s">,
  seed: number,
  most = mostPhotos,
): Int32Array {
  const rows = Array.from(photos.labels.keys());
  if (rows.length <= most) return Int32Array.from(rows);
  const lot = photos.sha256s.map((sha256) => createHash("sha256").update(`${seed}\n${sha256}`).digest("hex"));
  const drawn = rows.sort((a, b) => compared(lot[a] as string, lot[b] as string) || a - b);
  const places = placesWithin(drawn.map((row) => photos.labels[row] as number));
  // The number of photos drawn up to a place grows in every class alike; the first of each come before all others.
  return Int32Array.from(
    drawn
      .map((row, i) => ({ row, place: places[i] as number }))
      .sort((a, b) => a.place - b.place)
      .slice(0, most)
      .map(({ row }) => row),
  ).sort();
}

/** How far each item is along those of its class, in [0, 1). */
function placesWithin(labels: readonly number[]): number[] {
  const sizes = new Map<number, number>();
  const numbers = labels.map((label) => {
    const before = sizes.get(label) ?? 0;
    sizes.set(label, before + 1);
    return before;
  });
  return numbers.map((number, i) => number / (sizes.get(labels[i] as number) as number));
}

function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Lays photos out in the plane: principal components, then UMAP on these. The same input gives the same map.
 *
 * Source: McInnes, Healy and Melville, "UMAP: Uniform Manifold Approximation and Projection for Dimension Reduction", 2018.
 *
 * @param rows the photos' row numbers, two or more
 * @param vectors [photos, width], their features
 */
export function featureMap(rows: Int32Array, vectors: Float32Array, seed: number): FeatureMap {
  const { scores, variance } = principalComponents(vectors, rows.length, mostComponents, seed);
  const points = scores.to2DArray();
  const nNeighbors = Math.min(neighbourhood, points.length - 1);
  const umap = new UMAP({
    nNeighbors,
    minDist: nearestTogether,
    random: randomFor("map", seed),
    nEpochs: rounds,
  });
  const { numbers, distances } = nearestNeighbours(points, nNeighbors);
  umap.setPrecomputedKNN(numbers, distances);
  return { rows, points: withinUnitSquare(umap.fit(points)), components: scores.columns, variance };
}

/** Moves and scales points, both directions alike, so that the longer side fills [0, 1] and the other is centred in it. */
function withinUnitSquare(points: readonly (readonly number[])[]): Float32Array {
  const sides = [0, 1].map((axis) => {
    const values = points.map((point) => point[axis] as number);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return { middle: (low + high) / 2, length: high - low };
  });
  const scale = 1 / (Math.max(...sides.map(({ length }) => length)) || 1);
  const placed = (value: number, middle: number) => Math.min(1, Math.max(0, 0.5 + scale * (value - middle)));
  return Float32Array.from(
    points.flatMap((point) => sides.map(({ middle }, axis) => placed(point[axis] as number, middle))),
  );
}
