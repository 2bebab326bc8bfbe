import { isLabelled } from "./row.ts";
import type { PlacedRow } from "./split/duplicates.ts";

/** Which views a photo needs: all of them, or the clean one alone where it is never trained on. */
export type Views = "all" | "clean";

/** Views by the photos' sha256: all where a labelled row outside the test part has these bytes, else the clean one. */
export function viewsOf(rows: readonly PlacedRow[]): Map<string, Views> {
  const views = new Map<string, Views>();
  for (const row of rows) {
    if (row.sha256 === null) continue;
    const needed = isLabelled(row) && row.split !== "test" ? "all" : "clean";
    if (needed === "all" || !views.has(row.sha256)) views.set(row.sha256, needed);
  }
  return views;
}
