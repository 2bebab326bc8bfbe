import { byCodePoint } from "../../../shared/code-points.ts";
import { nearDuplicates, showsNothing } from "../../../shared/near-duplicates.ts";
import { isLabelled, type LabelledRow } from "../row.ts";
import { classesOf } from "./classes.ts";
import { components } from "./components.ts";
import type { PlacedRow } from "./duplicates.ts";

/** A row whose photo was opened. */
export interface HashedRow extends PlacedRow {
  readonly sha256: string;
  /** 16 hexadecimal digits; all zeros: of one colour */
  readonly perceptualHash: string;
}

/** What grouping did. */
export interface Grouped<Row> {
  readonly rows: Row[];
  /** how many photos each group has that near-duplicates made or joined */
  readonly sizes: readonly number[];
}

/**
 * Gives rows their final groups: labelled photos outside the test part that have the same bytes, the same group, or perceptual hashes
 * at most `distance` bits apart, directly or by others, are one group. Its name is the first of the groups' in it, else its lowest
 * sha256; a photo by itself, with all its copies of the same bytes, has no group. Other rows keep theirs.
 *
 * @param distance in bits; 0: bytes and groups alone
 */
export function groupedByLikeness<Row extends HashedRow>(
  rows: readonly Row[],
  distance: number,
): Grouped<Row> {
  const places = [...rows.keys()].filter((place) => isOpen(rows[place]));
  const open = places.map((place) => rows[place] as LabelledRow<Row>);
  const joined = components(open.length);
  for (const [a, b] of [...equal(open.map((row) => row.sha256)), ...equal(open.map((row) => row.group))])
    joined.join(a, b);
  const near = distance > 0 ? alike(open, distance) : [];
  for (const [a, b] of near) joined.join(a, b);

  const groups = membersOf(open, joined.of);
  const names = new Map(Array.from(groups, ([group, members]) => [group, nameOf(members)]));
  const grouped: Row[] = [...rows];
  open.forEach((row, i) => {
    grouped[places[i] as number] = { ...row, group: names.get(joined.of(i)) ?? null };
  });
  const made = new Set(near.map(([a]) => joined.of(a)));
  return { rows: grouped, sizes: Array.from(made, (group) => groups.get(group)?.length ?? 0) };
}

/** Whether a row may go to either side of the split. */
export function isOpen<Row extends PlacedRow>(row: Row | undefined): row is LabelledRow<Row> {
  return row !== undefined && isLabelled(row) && row.split !== "test";
}

type Pair = readonly [number, number];

/** The first and each other place that have the same name. */
function equal(names: readonly (string | null)[]): Pair[] {
  const first = new Map<string, number>();
  const pairs: Pair[] = [];
  names.forEach((name, place) => {
    if (name === null) return;
    const known = first.get(name);
    if (known === undefined) first.set(name, place);
    else pairs.push([known, place]);
  });
  return pairs;
}

/** Pairs of rows with other bytes but close hashes: not all, but all that joins them. */
function alike(rows: readonly HashedRow[], distance: number): Pair[] {
  const { names, members } = classesOf(rows.map((row) => row.perceptualHash));
  const firstOf = (hash: number) => members[hash]?.[0] ?? 0;
  const sameHash = members.flatMap(([first = 0, ...others], hash): Pair[] =>
    showsNothing(names[hash] ?? "")
      ? []
      : others.filter((other) => rows[other]?.sha256 !== rows[first]?.sha256).map((other) => [first, other]),
  );
  return [...sameHash, ...nearDuplicates(names, distance).map(({ i, j }): Pair => [firstOf(i), firstOf(j)])];
}

function membersOf<Row>(rows: readonly Row[], groupOf: (row: number) => number): Map<number, Row[]> {
  const members = new Map<number, Row[]>();
  rows.forEach((row, i) => {
    const known = members.get(groupOf(i));
    if (known === undefined) members.set(groupOf(i), [row]);
    else known.push(row);
  });
  return members;
}

function nameOf(rows: readonly HashedRow[]): string | null {
  const given = rows.flatMap(({ group }) => (group === null ? [] : [group]));
  const digests = new Set(rows.map((row) => row.sha256));
  if (given.length === 0 && digests.size === 1) return null;
  const names = given.length > 0 ? given : [...digests];
  return names.reduce((first, name) => (byCodePoint(name, first) < 0 ? name : first));
}
