import type { IndexedPhotos } from "../../../shared/photos.ts";

/** Two photos that look the same. */
export interface LookAlikes {
  /** row numbers in the index, the first is the smaller */
  readonly first: number;
  readonly second: number;
  /** of their perceptual hashes, in bits */
  readonly distance: number;
  /** whether their files are the same bytes */
  readonly identical: boolean;
  /** whether they are in different parts of the set, so that one was trained on and the other measured with */
  readonly acrossSplit: boolean;
  /** whether their labels differ, so that one is probably wrong */
  readonly acrossLabels: boolean;
}

/** The photos that look the same, counted, and those of consequence listed. */
export interface NearDuplicates {
  /** how many pairs there are of each kind */
  readonly pairs: number;
  readonly identical: number;
  readonly acrossSplit: number;
  readonly acrossLabels: number;
  /** the pairs across the split or across labels: different labels first, then the nearest, then in index order */
  readonly listed: readonly LookAlikes[];
}

/** Sorts pairs of look-alikes by what they do to a run. An unlabelled photo crosses neither split nor labels. */
export declare function nearDuplicatesOf(
  photos: IndexedPhotos,
  pairs: Iterable<{ readonly first: number; readonly second: number; readonly distance: number }>,
): NearDuplicates;
