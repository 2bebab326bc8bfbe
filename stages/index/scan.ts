import path from "node:path";
import { at } from "../../shared/at.ts";
import { PipelineError } from "../../shared/errors.ts";
import type { IndexConfig } from "./config.ts";
import { hashPhotos } from "./hash/hash-photos.ts";
import { list } from "./layout/list.ts";
import { isLabelled, type LabelledRow, type ListedRow, type Listing, type Split } from "./row.ts";
import { assignedSplits, expectBothParts } from "./split/assign.ts";
import { conflictingRows, duplicatesTogether, type PlacedRow } from "./split/duplicates.ts";
import { isValidationByHash } from "./split/hash.ts";
import { sampled } from "./split/sample.ts";
import type { LeftOut } from "./tree/left-out.ts";

/** A listed photo, hashed and with its part, not opened yet. */
export interface ScannedRow extends PlacedRow {
  /** the file's length; 0 where it could not be read */
  readonly bytes: number;
}

/** All that can be said of a set without decoding a photo. */
export interface Scan {
  readonly layout: string;
  readonly root: string;
  readonly remarks: readonly string[];
  /** all below the root that is no row */
  readonly leftOut: readonly LeftOut[];
  /** in listed order, the limit and the conflict policy carried out */
  readonly rows: readonly ScannedRow[];
  /** rows with the same bytes under different labels, whatever became of them */
  readonly conflicts: readonly ScannedRow[];
  readonly duplicates: number;
  readonly moved: number;
}

/**
 * Lists, splits, samples and hashes the photos of `config.data`.
 *
 * @param cache a folder for the stat cache, within the folder of results
 * @throws PipelineError `data` where the set is in no known layout, cannot be split, or has
 * conflicts that may not be
 */
export async function scan(config: IndexConfig, cache: string, signal?: AbortSignal): Promise<Scan> {
  const { layout, root, remarks, ...listing } = await list(config, path.dirname(path.resolve(cache)));
  const { rows: listed, leftOut } = withoutSmallClasses(listing, config.minPhotos);
  const chosen = chosenRows(listed, config);
  const hashed = await hashPhotos(
    root,
    chosen.flatMap(({ row }) => (row.problem === null ? [row.path] : [])),
    cache,
    signal,
  );
  let next = 0;
  const placed = chosen.map(({ row, split }): ScannedRow => {
    const digest = row.problem === null ? at(hashed, next++) : { sha256: null, problem: row.problem };
    const found = digest.sha256 === null ? { ...digest, bytes: 0 } : { ...digest, problem: null };
    return { ...row, ...found, split: split ?? splitByHash(row, digest.sha256, config) };
  });
  const { rows, duplicates, moved } = duplicatesTogether(placed);
  const conflicts = conflictingRows(rows);
  const kept = withoutConflicts(rows, conflicts, config.onConflict);
  if (kept.some((row) => isLabelled(row))) expectBothParts(kept.map((row) => row.split));
  return { layout, root, remarks, leftOut, rows: kept, conflicts, duplicates, moved };
}

/** Leaves out the rows of classes of fewer than `least` photos. */
function withoutSmallClasses(
  { rows, leftOut }: Pick<Listing, "rows" | "leftOut">,
  least: number,
): Pick<Listing, "rows" | "leftOut"> {
  const counts = new Map<string, number>();
  for (const { label } of rows) if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1);
  const isSmall = ({ label }: ListedRow) => label !== null && (counts.get(label) ?? least) < least;
  const kind = `of classes with fewer than ${least} photos (--min-photos)`;
  return {
    rows: rows.filter((row) => !isSmall(row)),
    leftOut: [...leftOut, ...rows.filter(isSmall).map((row) => ({ path: row.path, kind, hint: "" }))],
  };
}

interface ChosenRow<Row extends ListedRow = ListedRow> {
  readonly row: Row;
  readonly split: Split | null;
}

/** The rows that the limit leaves, in listed order, with the parts that the list alone decides. */
function chosenRows(listed: readonly ListedRow[], config: IndexConfig): ChosenRow[] {
  const labelled = listed.filter((row): row is LabelledRow => isLabelled(row));
  if (labelled.length === 0)
    return sampled(
      listed.map((row) => ({ row, split: null })),
      config.limit,
    );
  const parts = assignedSplits(labelled, config);
  const candidates = labelled.map((row, i): ChosenRow<LabelledRow> => ({ row, split: parts[i] ?? null }));
  if (config.limit > 0) return sampled(candidates, config.limit);
  const partOf = new Map<ListedRow, Split | null>(candidates.map(({ row, split }) => [row, split]));
  return listed.map((row) => ({ row, split: partOf.get(row) ?? null }));
}

/**
 * The side that a photo's own bytes, or its group's name, put it on; a file without bytes will drop
 * out anyway.
 */
function splitByHash(row: ListedRow, sha256: string | null, config: IndexConfig): Split | null {
  if (!isLabelled(row)) return null;
  const name = row.group === null ? sha256 : `group ${row.group}`;
  const isValidation = name !== null && isValidationByHash(name, config.valFraction, config.splitSeed);
  return isValidation ? "validation" : "train";
}

function withoutConflicts(
  rows: readonly ScannedRow[],
  conflicts: readonly ScannedRow[],
  policy: IndexConfig["onConflict"],
): readonly ScannedRow[] {
  if (conflicts.length === 0 || policy === "keep") return rows;
  if (policy === "error") throw conflictError(conflicts);
  const dropped = new Set(conflicts);
  return rows.filter((row) => !dropped.has(row));
}

function conflictError(conflicts: readonly ScannedRow[]): PipelineError {
  const shown = conflicts.slice(0, 20).map((row) => `  ${row.path} (${row.label ?? ""})`);
  const more = conflicts.length > 20 ? [`  and ${conflicts.length - 20} more`] : [];
  return new PipelineError(
    "data",
    [
      `index: expected one label for the same bytes but got different ones for ${conflicts.length} photos`,
      ...shown,
      ...more,
      "  correct the labels, or give --on-conflict keep or drop",
    ].join("\n"),
  );
}
