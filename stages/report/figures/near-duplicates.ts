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
  /**
   * whether they are in different parts of the set, so that one was trained on and the other
   * measured with
   */
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
  /**
   * the pairs across the split or across labels, or all where no photo has a label: different
   * labels first, then the nearest, then in index order
   */
  readonly listed: readonly LookAlikes[];
}

/**
 * Sorts pairs of look-alikes by what they do to a run. An unlabelled photo crosses neither split
 * nor labels.
 */
export function nearDuplicatesOf(
  photos: Pick<IndexedPhotos, "splits" | "labels" | "sha256s">,
  pairs: Iterable<{ readonly first: number; readonly second: number; readonly distance: number }>,
): NearDuplicates {
  const known = Array.from(pairs, (pair) => lookAlikes(photos, pair));
  const isUnlabelled = photos.labels.every((label) => label === -1);
  const count = (kind: "identical" | "acrossSplit" | "acrossLabels") =>
    known.filter((pair) => pair[kind]).length;
  return {
    pairs: known.length,
    identical: count("identical"),
    acrossSplit: count("acrossSplit"),
    acrossLabels: count("acrossLabels"),
    listed: known
      .filter(({ acrossSplit, acrossLabels }) => isUnlabelled || acrossSplit || acrossLabels)
      .sort(inOrder),
  };
}

function lookAlikes(
  { splits, labels, sha256s }: Pick<IndexedPhotos, "splits" | "labels" | "sha256s">,
  pair: { readonly first: number; readonly second: number; readonly distance: number },
): LookAlikes {
  const [first, second] = [Math.min(pair.first, pair.second), Math.max(pair.first, pair.second)];
  const [one, other] = [splits[first] ?? null, splits[second] ?? null];
  const [label, otherLabel] = [labels[first] as number, labels[second] as number];
  return {
    ...{ first, second, distance: pair.distance },
    identical: sha256s[first] === sha256s[second],
    acrossSplit: one !== null && other !== null && one !== other,
    acrossLabels: label !== -1 && otherLabel !== -1 && label !== otherLabel,
  };
}

function inOrder(a: LookAlikes, b: LookAlikes): number {
  return (
    Number(b.acrossLabels) - Number(a.acrossLabels) ||
    a.distance - b.distance ||
    a.first - b.first ||
    a.second - b.second
  );
}
