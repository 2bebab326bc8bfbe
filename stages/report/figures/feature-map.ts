import type { IndexedPhotos } from "../../../shared/photos.ts";

/** Where photos lie on a map on which those with similar features are near each other. */
export interface FeatureMap {
  /** row numbers in the index */
  readonly rows: Int32Array;
  /** [photos, 2]: x and y, each within [0, 1]; they have no unit */
  readonly points: Float32Array;
  /** how many principal components the map was made from */
  readonly components: number;
  /** the share of the features' variance that these hold, in [0, 1] */
  readonly variance: number;
}

/** At most so many photos are on the map. */
export declare const mostOnMap: number;

/**
 * The photos to draw: all, or a sample in which each class has its share and every class that there is at least one photo;
 * within a class those whose sha256 hashed with the seed come first. Unlabelled photos are a class of their own.
 *
 * @returns row numbers, ascending
 */
export declare function photosOnMap(photos: IndexedPhotos, seed: number, most?: number): Int32Array;

/**
 * Lays photos out in the plane: principal components, then UMAP on these. The same input gives the same map.
 *
 * Source: McInnes, Healy and Melville, "UMAP: Uniform Manifold Approximation and Projection for Dimension Reduction", 2018.
 *
 * @param vectors [photos, width], the rows' features
 */
export declare function featureMap(rows: Int32Array, vectors: Float32Array, seed: number): FeatureMap;
