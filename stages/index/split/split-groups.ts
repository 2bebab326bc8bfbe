import type { LabelledRow } from "../row.ts";
import type { SplitConfig } from "./assign.ts";
import { groupedSplit } from "./groups.ts";
import { isValidationByHash } from "./hash.ts";
import { type HashedRow, isOpen } from "./near-duplicates.ts";

/**
 * Makes the training and the validation part anew of whole groups and of photos by themselves; all other rows stay where they are.
 *
 * @param rows grouped (near-duplicates.ts)
 */
export function splitByGroups<Row extends HashedRow>(rows: readonly Row[], config: SplitConfig): Row[] {
  const places = [...rows.keys()].filter((place) => isOpen(rows[place]));
  const open = places.map((place) => rows[place] as LabelledRow<Row>);
  const isValidation = config.split === "hash" ? byHash(open, config) : byClass(open, config);
  const placed: Row[] = [...rows];
  open.forEach((row, i) => {
    placed[places[i] as number] = { ...row, split: isValidation[i] === true ? "validation" : "train" };
  });
  return placed;
}

function byClass(
  rows: readonly LabelledRow<HashedRow>[],
  { valFraction, splitSeed }: SplitConfig,
): boolean[] {
  const labels = rows.map((row) => row.label);
  const groups = rows.map((row) => row.group ?? row.sha256);
  return groupedSplit(labels, groups, valFraction, splitSeed);
}

/** A group that the list names goes where it went before near-duplicates joined it, another one where its lowest sha256 goes. */
function byHash(rows: readonly HashedRow[], { valFraction, splitSeed }: SplitConfig): boolean[] {
  const digests = new Set(rows.map((row) => row.sha256));
  return rows.map(({ group, sha256 }) => {
    const name = group === null || digests.has(group) ? (group ?? sha256) : `group ${group}`;
    return isValidationByHash(name, valFraction, splitSeed);
  });
}
