import { nearDuplicates, showsNothing } from "../../../shared/near-duplicates.ts";
import type { Split } from "../row.ts";
import { classesOf } from "./classes.ts";
import type { HashedRow } from "./near-duplicates.ts";

/** How many photos of each part nearly repeat a training photo: what they are scored with was nearly learned. */
export interface NearTraining {
  readonly validation: number;
  readonly test: number;
}

/** @param distance in bits between perceptual hashes */
export function nearTraining(rows: readonly HashedRow[], distance: number): NearTraining {
  const placed = rows.filter((row) => row.split !== null);
  const { names, members } = classesOf(placed.map((row) => row.perceptualHash));
  const isLearned = members.map(
    (places, hash) =>
      !showsNothing(names[hash] ?? "") && places.some((place) => placed[place]?.split === "train"),
  );
  const isNear = [...isLearned];
  for (const { i, j } of nearDuplicates(names, distance)) {
    if (isLearned[j] === true) isNear[i] = true;
    if (isLearned[i] === true) isNear[j] = true;
  }
  const near = members.filter((_, hash) => isNear[hash]).flat();
  const inPart = (part: Split) => near.filter((place) => placed[place]?.split === part).length;
  return { validation: inPart("validation"), test: inPart("test") };
}
