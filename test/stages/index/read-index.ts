import { readFileSync } from "node:fs";
import path from "node:path";
import { tableFromIPC } from "apache-arrow";

/** A row of `index.arrow`. */
export interface ReadRow {
  readonly id: string;
  readonly path: string;
  readonly label: string | null;
  readonly split: string | null;
  readonly width: number;
  readonly height: number;
  readonly bytes: bigint;
  readonly sha256: string;
  readonly perceptual_hash: string;
  readonly group: string | null;
}

/** Reads `index.arrow` from a folder. */
export function rowsIn(workspace: string): ReadRow[] {
  const table = tableFromIPC(readFileSync(path.join(workspace, "index.arrow")));
  return table.toArray().map((row) => ({ ...(row as { toJSON(): ReadRow }).toJSON() }));
}

/** The lines of a text file of a folder. */
export function linesIn(workspace: string, name: string): string[] {
  return readFileSync(path.join(workspace, name), "utf8").trim().split("\n");
}

/** A JSON file of a folder. */
export function jsonIn(workspace: string, name: string): unknown {
  return JSON.parse(readFileSync(path.join(workspace, name), "utf8"));
}
