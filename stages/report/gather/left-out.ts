import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
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
}

/** What the index set aside, and the bytes that stand under several labels. */
export async function readLeftOut(index: Artifact): Promise<LeftOut> {
  return {
    quarantined: await rowsOf<QuarantinedPhoto>(index.file("quarantine.csv")),
    conflicts: await rowsOf<ConflictingPhoto>(index.file("conflicts.csv")),
    dropped: index.manifest.config["onConflict"] === "drop",
  };
}

async function rowsOf<Row>(file: string): Promise<Row[]> {
  return parse<Row>(await readFile(file, "utf8"), { columns: true });
}
