import { PipelineError } from "../../shared/errors.ts";
import type { IndexConfig } from "./config.ts";
import { hashPhotos } from "./hash/hash-photos.ts";
import { list } from "./layout/list.ts";
import { isLabelled, type LabelledRow, type ListedRow, type Split } from "./row.ts";
import { assignedSplits, expectBothParts } from "./split/assign.ts";
import { conflictingRows, duplicatesTogether, type PlacedRow } from "./split/duplicates.ts";
import { isValidationByHash } from "./split/hash.ts";
import { sampled } from "./split/sample.ts";

/** A listed photo, hashed and with its part, not opened yet. */
export interface SurveyedRow extends PlacedRow {
  /** the file's length; 0 where it could not be read */
  readonly bytes: number;
  /** why the file has no digest; null where it has one */
  readonly problem: string | null;
}

/** All that can be said of a set without decoding a photo. */
export interface Survey {
  readonly layout: string;
  readonly root: string;
  readonly remarks: readonly string[];
  /** in listed order, the limit and the conflict policy carried out */
  readonly rows: readonly SurveyedRow[];
  /** rows with the same bytes under different labels, whatever became of them */
  readonly conflicts: readonly SurveyedRow[];
  readonly duplicates: number;
  readonly moved: number;
}

/**
 * Lists, splits, samples and hashes the photos of `config.data`.
 *
 * @param cache a folder for the stat cache
 * @throws PipelineError `data` where the set is in no known layout, cannot be split, or has conflicts that may not be
 */
export async function survey(config: IndexConfig, cache: string, signal?: AbortSignal): Promise<Survey> {
  const { layout, root, remarks, rows } = await list(config.data, config.labels);
  const chosen = chosenRows(config.labels === "none" ? rows.map(withoutLabel) : rows, config);
  const hashed = await hashPhotos(
    root,
    chosen.map(({ row }) => row.path),
    cache,
    signal,
  );
  const placed = chosen.map(({ row, split }, i): SurveyedRow => {
    const digest = hashed[i] as (typeof hashed)[number];
    const found = digest.sha256 === null ? { ...digest, bytes: 0 } : { ...digest, problem: null };
    return { ...row, ...found, split: split ?? splitByHash(row, digest.sha256, config) };
  });
  const { rows: together, duplicates, moved } = duplicatesTogether(placed);
  const conflicts = conflictingRows(together);
  const kept = withoutConflicts(together, conflicts, config.onConflict);
  if (placed.some((row) => isLabelled(row))) expectBothParts(kept.map((row) => row.split));
  return { layout, root, remarks, rows: kept, conflicts, duplicates, moved };
}

/** A photo as `--labels none` takes it: a part is one of labelled photos. */
function withoutLabel(row: ListedRow): ListedRow {
  return { ...row, label: null, given: null };
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

/** The side that a photo's own bytes, or its group's name, put it on; a file without bytes will drop out anyway. */
function splitByHash(row: ListedRow, sha256: string | null, config: IndexConfig): Split | null {
  if (!isLabelled(row)) return null;
  const name = row.group === null ? sha256 : `group ${row.group}`;
  const isValidation = name !== null && isValidationByHash(name, config.valFraction, config.splitSeed);
  return isValidation ? "validation" : "train";
}

function withoutConflicts(
  rows: readonly SurveyedRow[],
  conflicts: readonly SurveyedRow[],
  policy: IndexConfig["onConflict"],
): readonly SurveyedRow[] {
  if (conflicts.length === 0 || policy === "keep") return rows;
  if (policy === "error") throw conflictError(conflicts);
  const dropped = new Set(conflicts);
  return rows.filter((row) => !dropped.has(row));
}

function conflictError(conflicts: readonly SurveyedRow[]): PipelineError {
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
