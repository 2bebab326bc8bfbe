import { nearDuplicates } from "../../../shared/near-duplicates.ts";
import { numberFact } from "../../../shared/artifacts/facts.ts";
import type { Artifact } from "../../../shared/artifacts/types.ts";
import type { IndexedPhotos } from "../../../shared/photos.ts";
import { nearDuplicatesOf } from "../figures/near-duplicates.ts";
import type { LookAlikePhotos } from "../report.ts";

/** The photos that look the same, within the distance that the index looked for them at. */
export function lookAlikePhotos(index: Artifact, photos: IndexedPhotos): LookAlikePhotos {
  const asked = index.manifest.config["nearDuplicates"];
  const grouped = typeof asked === "number" ? asked : 0;
  const distance = numberFact(index.manifest, "nearDuplicateBits");
  const pairs = nearDuplicates(photos.perceptualHashes, distance).map(({ i, j, distance: bits }) => ({
    first: i,
    second: j,
    distance: bits,
  }));
  return { ...nearDuplicatesOf(photos, pairs), distance, grouped };
}
