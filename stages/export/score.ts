import type { IndexedPhotos } from "../../shared/photos.ts";
import type { Predictions } from "./predictions.ts";

/** How the classifier does on a given test part, which chose nothing; null where there is none. */
export function scoreTestPart(
  photos: IndexedPhotos,
  { classes }: Predictions,
): { photos: number; accuracy: number } | null {
  let tested = 0;
  let right = 0;
  photos.splits.forEach((split, row) => {
    if (split !== "test") return;
    tested++;
    if (classes[row] === photos.labels[row]) right++;
  });
  return tested === 0 ? null : { photos: tested, accuracy: right / tested };
}
