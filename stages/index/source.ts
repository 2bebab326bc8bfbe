import { digestOf } from "../../shared/artifacts/key.ts";
import type { Source } from "../../shared/stage.ts";
import type { IndexConfig } from "./config.ts";
import { isLabelled } from "./row.ts";
import { survey, type SurveyedRow } from "./survey.ts";
import { viewsOf } from "./views.ts";

/** What the index reads, as parts of its key, without decoding a photo. Quick where the stat cache knows the files. */
export async function source(config: IndexConfig, cache: string): Promise<Source> {
  const { rows, conflicts } = await survey(config, cache);
  const views = viewsOf(rows);
  const labelled = rows.filter((row) => isLabelled(row));
  return {
    fingerprint: {
      rows: digestOf(rows.map(wholeRow)),
      photos: digestOf(rows.map((row) => [row.path, row.sha256 ?? row.problem])),
      labels: digestOf(labelled.map((row) => [row.path, row.label])),
      splits: digestOf(labelled.map((row) => [row.path, row.split])),
      conflicts: digestOf(conflicts.map(wholeRow)),
      counts: {
        rows: rows.length,
        labelled: labelled.length,
        classes: new Set(labelled.map((row) => row.label)).size,
      },
    },
    outputs: {
      // What decides which photos are good is in it: their bytes, and the limit on their size.
      photos: digestOf({ views: [...views].sort(), maxPixels: config.maxPixels }),
      labels: digestOf({ rows: rows.map(wholeRow), maxPixels: config.maxPixels }),
    },
  };
}

function wholeRow(row: SurveyedRow) {
  return [row.path, row.id, row.sha256 ?? row.problem, row.label, row.given, row.split, row.group];
}
