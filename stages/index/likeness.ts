import { counted } from "../../shared/counted.ts";
import type { IndexConfig } from "./config.ts";
import { groupedByLikeness, type HashedRow, isOpen } from "./split/near-duplicates.ts";
import { nearTraining } from "./split/near-training.ts";
import { splitByGroups } from "./split/split-groups.ts";

/**
 * Bits within which near-duplicates are looked for where nothing is asked for. Of 40 photos' copies at half the size, a width of 160 or
 * a JPEG quality of 40, all are within it (test/slow). All 18 pairs of other bytes in 10,222 dog photos were copies when looked at; in
 * 3,409 photos of clothes laid out alike 1 of 7 was.
 */
const usualDistance = 4;

/** A group of more of the photos can hardly be copies of one picture. */
const largestShare = 0.1;

/** The rows with their final groups and parts, and what likeness found. */
export interface Likeness<Row> {
  readonly rows: Row[];
  /** whether the split was made anew for the sake of near-duplicates */
  readonly isSplitAnew: boolean;
  /** photos of the validation and the test part that nearly repeat a training photo */
  readonly near: number;
  /** in how many of 64 bits the perceptual hashes of near-duplicates may differ */
  readonly distance: number;
  /** for people */
  readonly remarks: readonly string[];
}

/**
 * Groups what looks alike, as far as `config.nearDuplicates` wants it, keeps the groups on one side where the split is not given, and
 * counts what is left on both.
 *
 * @param isGiven whether the list says which photos are validation's
 */
export function withLikeness<Row extends HashedRow>(
  rows: readonly Row[],
  isGiven: boolean,
  config: IndexConfig,
): Likeness<Row> {
  const wanted = config.nearDuplicates;
  const distance = wanted > 0 ? wanted : usualDistance;
  const grouped = groupedByLikeness(rows, wanted);
  const isSplitAnew = grouped.sizes.length > 0 && !isGiven;
  const placed = isSplitAnew ? splitByGroups(grouped.rows, config) : grouped.rows;
  const near = nearTraining(placed, distance);
  const open = rows.filter((row) => isOpen(row)).length;
  const remarks = [
    ...(wanted > 0 ? groupsSaid(grouped.sizes, open, isGiven, wanted) : []),
    ...nearSaid(near, distance, isGiven, wanted > 0),
  ];
  return { rows: placed, isSplitAnew, near: near.validation + near.test, distance, remarks };
}

function groupsSaid(sizes: readonly number[], photos: number, isGiven: boolean, distance: number): string[] {
  const flag = `--near-duplicates ${distance}`;
  if (sizes.length === 0) return [`${flag}: no photo nearly repeats another`];
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const inGroups = sizes.reduce((sum, size) => sum + size, 0);
  const where = isGiven ? "the given split stays as it is" : "each on one side of the split";
  return [
    `${flag}: ${inGroups} photos nearly repeat one another in ${counted(sizes.length, "group")}, the largest of ${largest}; ${where}`,
    ...(largest > largestShare * photos && largest > 2
      ? [
          `the largest group is more likely a chain of different photos than copies of one: try a smaller --near-duplicates`,
        ]
      : []),
  ];
}

function nearSaid(
  { validation, test }: ReturnType<typeof nearTraining>,
  distance: number,
  isGiven: boolean,
  isGrouped: boolean,
): string[] {
  if (validation + test === 0) return [];
  const parts = [
    ...(validation > 0 ? [`${validation} validation`] : []),
    ...(test > 0 ? [`${test} test`] : []),
  ];
  const found = `${parts.join(" and ")} ${validation + test === 1 ? "photo nearly repeats" : "photos nearly repeat"} a training photo (at most ${distance} of 64 bits of their perceptual hashes differ)`;
  if (validation > 0 && isGiven)
    return [`${found}: the split is given, which --near-duplicates leaves as it is`];
  if (validation > 0 && !isGrouped) return [`${found}: --near-duplicates ${distance} keeps such on one side`];
  return [found];
}
