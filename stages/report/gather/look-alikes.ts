import { nearDuplicates } from "../../../shared/near-duplicates.ts";
import type { Artifact } from "../../../shared/artifacts/types.ts";
import type { IndexedPhotos } from "../../../shared/photos.ts";
import { nearDuplicatesOf } from "../figures/near-duplicates.ts";
import type { LookAlikePhotos } from "../report.ts";

/** Bits within which photos count as look-alikes where the index did not group them: copies in other sizes and qualities. */
const usualDistance = 4;

/** The photos that look the same, within the distance that the index grouped by, else the usual one. */
export function lookAlikePhotos(index: Artifact, photos: IndexedPhotos): LookAlikePhotos {
  const asked = index.manifest.config["nearDuplicates"];
  const grouped = typeof asked === "number" ? asked : 0;
  const distance = grouped > 0 ? grouped : usualDistance;
  const pairs = nearDuplicates(photos.perceptualHashes, distance).map(({ i, j, distance: bits }) => ({
    first: i,
    second: j,
    distance: bits,
  }));
  return { ...nearDuplicatesOf(photos, pairs), distance, grouped };
}
