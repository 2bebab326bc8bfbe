import type { ListedRow, Split } from "../row.ts";

/** A row with what its bytes are and where it stands. */
export interface PlacedRow extends ListedRow {
  /** null where there are no bytes to read */
  readonly sha256: string | null;
  readonly split: Split | null;
}

/** What making duplicates stand together did. */
export interface Together<Row> {
  readonly rows: Row[];
  /** rows whose bytes an earlier row has already */
  readonly duplicates: number;
  /** duplicates that changed sides */
  readonly moved: number;
}

/** Moves each labelled row whose bytes an earlier labelled row has to that row's side: no photo is learned and checked. */
export function duplicatesTogether<Row extends PlacedRow>(rows: readonly Row[]): Together<Row> {
  const seen = new Set<string>();
  const side = new Map<string, Split>();
  let duplicates = 0;
  let moved = 0;
  const placed = rows.map((row) => {
    if (row.sha256 === null) return row;
    if (seen.has(row.sha256)) duplicates++;
    seen.add(row.sha256);
    if (row.split === null) return row;
    const first = side.get(row.sha256);
    if (first === undefined) side.set(row.sha256, row.split);
    if (first === undefined || first === row.split) return row;
    moved++;
    return { ...row, split: first };
  });
  return { rows: placed, duplicates, moved };
}

/** Labelled rows whose bytes stand under more than one label: those of the same bytes together, else in listed order. */
export function conflictingRows<Row extends PlacedRow>(rows: readonly Row[]): Row[] {
  const labelOf = new Map<string, string>();
  const conflicting = new Map<string, Row[]>();
  for (const { sha256, label } of rows) {
    if (sha256 === null || label === null) continue;
    const first = labelOf.get(sha256);
    if (first === undefined) labelOf.set(sha256, label);
    else if (first !== label) conflicting.set(sha256, []);
  }
  if (conflicting.size === 0) return [];
  for (const row of rows)
    if (row.sha256 !== null && row.label !== null) conflicting.get(row.sha256)?.push(row);
  return [...conflicting.values()].flat();
}
