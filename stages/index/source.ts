import { createHash } from "node:crypto";
import { digestOf } from "../../shared/artifacts/key.ts";
import { versionsOf } from "../../shared/libraries.ts";
import type { Source } from "../../shared/stage.ts";
import type { IndexConfig } from "./config.ts";
import { isLabelled } from "./row.ts";
import { scan, type Scan, type ScannedRow } from "./scan.ts";
import { viewsOf } from "./views.ts";

/**
 * What the index reads, as parts of its key, without decoding a photo. Quick where the stat cache
 * knows the files.
 */
export async function source(config: IndexConfig, cache: string): Promise<Source> {
  return sourceOf(await scan(config, cache), config);
}

/** What a scan amounts to, as parts of the index's key. */
export function sourceOf({ rows, conflicts, leftOut, remarks }: Scan, config: IndexConfig): Source {
  const labelled = rows.filter((row) => isLabelled(row));
  const wholeRows = digestOfEach(rows, whole);
  const views = [...viewsOf(rows)].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    fingerprint: {
      rows: wholeRows,
      photos: digestOfEach(rows, (row) => [row.path, row.sha256 ?? row.problem]),
      labels: digestOfEach(labelled, (row) => [row.path, row.label]),
      splits: digestOfEach(labelled, (row) => [row.path, row.split]),
      conflicts: digestOfEach(conflicts, whole),
      leftOut: digestOfEach(leftOut, ({ path, kind, hint }) => [path, kind, hint]),
      remarks: digestOfEach(remarks, (remark) => [remark]),
      counts: {
        rows: rows.length,
        labelled: labelled.length,
        classes: new Set(labelled.map((row) => row.label)).size,
      },
    },
    outputs: {
      // What decides which photos are good is in both: their bytes, and the limit on their size.
      photos: digestOf({ views: digestOfEach(views, (entry) => entry), maxPixels: config.maxPixels }),
      labels: digestOf({ rows: wholeRows, maxPixels: config.maxPixels, ...regrouping(config) }),
    },
  };
}

/**
 * What decides the split and the groups, beside the rows, where near-duplicates do: their hashes
 * come of what decodes them.
 */
function regrouping({ nearDuplicates, split, valFraction, splitSeed }: IndexConfig) {
  if (nearDuplicates === 0) return {};
  return { nearDuplicates, split, valFraction, splitSeed, ...versionsOf(["sharp"]) };
}

function whole(row: ScannedRow) {
  return [row.path, row.id, row.sha256 ?? row.problem, row.label, row.given, row.split, row.group];
}

/** The sha256 of a list, an item's fields as JSON a line. */
function digestOfEach<Item>(
  items: readonly Item[],
  fields: (item: Item) => readonly (string | null)[],
): string {
  const hash = createHash("sha256");
  for (const item of items) hash.update(`${JSON.stringify(fields(item))}\n`);
  return hash.digest("hex");
}
