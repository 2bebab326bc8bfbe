import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import { z } from "zod";
import type { Artifact } from "../../../shared/artifacts/types.ts";

/** A photo that could not be used. */
interface QuarantinedPhoto {
  readonly path: string;
  readonly label: string;
  readonly reason: string;
}

/** A photo whose bytes stand under another label too. */
interface ConflictingPhoto {
  readonly sha256: string;
  readonly path: string;
  readonly label: string;
}

export interface LeftOut {
  readonly quarantined: readonly QuarantinedPhoto[];
  readonly conflicts: readonly ConflictingPhoto[];
  /** whether the conflicting ones were left out of the set */
  readonly dropped: boolean;
  /** files and folders that are no photos of the set, by kind */
  readonly sums: readonly LeftOutSum[];
  /** what was odd about the set's layout and tables */
  readonly remarks: readonly string[];
}

/** How many files or folders of a kind were not used, the first as an example. */
interface LeftOutSum {
  readonly kind: string;
  readonly count: number;
  readonly example: string;
  readonly hint: string;
}

/** A result of an earlier version says nothing of them. */
const sumsSchema = z
  .array(z.object({ kind: z.string(), count: z.number(), example: z.string(), hint: z.string() }))
  .default([]);
const remarksSchema = z.array(z.string()).default([]);

/** What the index set aside, and the bytes that stand under several labels. */
export async function readLeftOut(index: Artifact): Promise<LeftOut> {
  return {
    quarantined: await rowsOf<QuarantinedPhoto>(index.file("quarantine.csv")),
    conflicts: await rowsOf<ConflictingPhoto>(index.file("conflicts.csv")),
    dropped: index.manifest.config["onConflict"] === "drop",
    sums: sumsSchema.parse(index.manifest.facts["leftOut"]),
    remarks: remarksSchema.parse(index.manifest.facts["remarks"]),
  };
}

async function rowsOf<Row>(file: string): Promise<Row[]> {
  return parse<Row>(await readFile(file, "utf8"), { columns: true });
}
