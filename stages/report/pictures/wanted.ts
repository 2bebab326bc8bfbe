import type { Figures } from "../gather/gather.ts";

/** How many pairs of look-alikes are shown with their photos. */
const pairsShown = 24;
/** How many photos that only one of two compared runs gets right are shown. */
export const disagreementsShown = 12;

/**
 * What is shown of a run is cut to what has photos: pages stay small however much is wrong with a
 * set.
 */
export function cutToShown(figures: Figures): Figures {
  const { nearDuplicates } = figures;
  return {
    ...figures,
    nearDuplicates: { ...nearDuplicates, listed: nearDuplicates.listed.slice(0, pairsShown) },
  };
}

/** Rows of the photos that the page shows larger. */
export function rowsShownLarge({
  photos,
  wrong,
  unsure,
  labelErrors,
  nearDuplicates,
  comparison,
  overview,
}: Figures): ReadonlySet<number> {
  const rowOf = new Map(photos.sha256s.map((sha256, row) => [sha256, row]));
  const disagreements = [comparison?.onlyOwn ?? [], comparison?.onlyOther ?? []].flatMap((photosOf) =>
    photosOf.slice(0, disagreementsShown).map(({ sha256 }) => rowOf.get(sha256) ?? -1),
  );
  return new Set([
    ...[...wrong, ...unsure, ...(labelErrors?.shown ?? [])].map(({ row }) => row),
    ...nearDuplicates.listed.flatMap(({ first, second }) => [first, second]),
    ...disagreements.filter((row) => row >= 0),
    ...(overview?.shown ?? []),
  ]);
}
