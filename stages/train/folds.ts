import { createHash } from "node:crypto";
import { unexpected } from "../../shared/errors.ts";
import type { IndexedPhotos, Split } from "../../shared/photos.ts";

/** A photo to be put into a fold. */
export interface FoldedPhoto {
  /** photos of one group stay in one fold */
  readonly group: string;
  /** the number of its class */
  readonly label: number;
}

/**
 * The fold, in [0, count), of each photo: a function of the seed and the photos alone, whatever
 * their order. Class by class the groups are dealt out in order of a hash of seed and name, each
 * class from where the one before it ended, so that folds differ by one group at most in each class
 * and in all. A group under several labels is dealt with its lowest.
 *
 * @param count how many folds, from 2
 */
export function foldsOf(photos: readonly FoldedPhoto[], count: number, seed: number): Uint32Array {
  const labelOf = new Map<string, number>();
  for (const { group, label } of photos) labelOf.set(group, Math.min(label, labelOf.get(group) ?? label));
  const dealt = [...labelOf]
    .map(([group, label]) => ({ group, label, place: placeOf(group, seed) }))
    .sort((a, b) => a.label - b.label || (a.place < b.place ? -1 : 1));
  const foldOf = new Map(dealt.map(({ group }, i) => [group, i % count]));
  return Uint32Array.from(photos, ({ group }) => foldOf.get(group) as number);
}

function placeOf(group: string, seed: number): string {
  return createHash("sha256").update(`fold\n${seed}\n${group}`).digest("hex");
}

/**
 * The photos with one fold of the training part held out: it is the validation part now, and the
 * given one belongs to no part. Groups stay whole.
 *
 * @param fold "i/N", i from 1
 * @throws PipelineError `usage` where there are fewer training photos than folds
 */
export function withFoldHeldOut(photos: IndexedPhotos, fold: string, seed: number): IndexedPhotos {
  const [number, count] = fold.split("/").map(Number) as [number, number];
  const training = [...photos.splits.keys()].filter(
    (row) => photos.splits[row] === "train" && photos.labels[row] !== -1,
  );
  const folds = foldsOf(
    training.map((row) => ({ group: groupOf(photos, row), label: photos.labels[row] ?? -1 })),
    count,
    seed,
  );
  const splits = photos.splits.map((split): Split | null => (split === "validation" ? null : split));
  for (const [i, row] of training.entries()) if (folds[i] === number - 1) splits[row] = "validation";
  if (!folds.includes(number - 1)) throw tooManyFolds(fold, training.length);
  return { ...photos, splits };
}

/** A photo's group; without one, it is with its copies of the same bytes. */
export function groupOf({ groups, sha256s }: IndexedPhotos, row: number): string {
  return groups[row] ?? sha256s[row] ?? "";
}

function tooManyFolds(fold: string, photos: number) {
  return unexpected("usage", {
    where: "train",
    expected: "at least as many photos to train on as folds",
    subject: `fold ${fold}`,
    got: `${photos} photos`,
    hint: "give a smaller --folds",
  });
}
