import { createHash } from "node:crypto";
import type { ListedRow, Split } from "../row.ts";
import { classesOf } from "./classes.ts";

/** A row with its part; null where its bytes will decide, or where it has no label. */
export interface Candidate {
  readonly row: ListedRow;
  readonly split: Split | null;
}

/**
 * About `limit` of the rows, in listed order: each part gets its share, spread evenly over the
 * classes, and at least one row of each class to learn from; rows without a label are one class. A
 * row's rank is a digest of its path, so a larger sample holds a smaller one.
 *
 * @param limit how many; 0: all
 */
export function sampled<Row extends Candidate>(rows: readonly Row[], limit: number): Row[] {
  if (limit === 0 || limit >= rows.length) return [...rows];
  const chosen = new Set<Row>();
  for (const part of new Set(rows.map((row) => row.split))) {
    const members = rows.filter((row) => row.split === part);
    const share = Math.round((limit * members.length) / rows.length);
    for (const row of spread(members, share, part === "train" || part === null)) chosen.add(row);
  }
  return rows.filter((row) => chosen.has(row));
}

/** `share` rows, the classes taking turns; at least one, or one of each class. */
function spread<Row extends Candidate>(rows: readonly Row[], share: number, everyClass: boolean): Row[] {
  const { members } = classesOf(rows.map(({ row }) => row.label ?? ""));
  const least = everyClass ? members.length : 1;
  const turns = members.flatMap((places) =>
    places
      .map((place) => ({ row: rows[place] as Row, rank: rankOf((rows[place] as Row).row.path) }))
      .sort((a, b) => (a.rank < b.rank ? -1 : 1))
      .map((entry, turn) => ({ ...entry, turn })),
  );
  turns.sort((a, b) => a.turn - b.turn || (a.rank < b.rank ? -1 : 1));
  return turns.slice(0, Math.max(share, least)).map(({ row }) => row);
}

function rankOf(path: string): string {
  return createHash("sha256").update(path).digest("hex");
}
