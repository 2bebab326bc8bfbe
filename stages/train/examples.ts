import type { Artifact, FileRecord } from "../../shared/artifacts/types.ts";
import { type IndexedPhotos, rowsBySha256, type Split } from "../../shared/photos.ts";

/**
 * The labelled examples of one part of the set in one shard. Each row of the index is an example of its own: photos with the
 * same bytes share a row of features, each with its own label.
 */
export interface ShardExamples {
  readonly shard: FileRecord;
  /** rows of the shard's views */
  readonly rows: Uint32Array;
  /** the number of each row's class */
  readonly labels: Uint32Array;
  /** each row's row of the index */
  readonly indexRows: Uint32Array;
}

export interface Examples {
  readonly train: readonly ShardExamples[];
  readonly validation: readonly ShardExamples[];
}

/** Joins the index's labels and split with the rows of the shards. Reads the shards' records, no features. */
export async function joinExamples(photos: IndexedPhotos, result: Artifact): Promise<Examples> {
  const rowsOf = rowsBySha256(photos);
  const train: ShardExamples[] = [];
  const validation: ShardExamples[] = [];
  const records = await result.shardRecords();
  for (const [i, shard] of result.manifest.shards.entries()) {
    const indexRows = (records[i]?.photos ?? []).map((sha256) => rowsOf.get(sha256) ?? []);
    const part = (split: Split) => ({ shard, ...examplesOf(photos, indexRows, split) });
    train.push(part("train"));
    validation.push(part("validation"));
  }
  return { train: train.filter(hasRows), validation: validation.filter(hasRows) };
}

export function countOf(examples: readonly ShardExamples[]): number {
  return examples.reduce((sum, { rows }) => sum + rows.length, 0);
}

/** How many examples each class has. */
export function classCounts(examples: readonly ShardExamples[], classes: number): Uint32Array {
  const counts = new Uint32Array(classes);
  for (const { labels } of examples) for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

function examplesOf(photos: IndexedPhotos, indexRows: readonly (readonly number[])[], split: Split) {
  const rows: number[] = [];
  const labels: number[] = [];
  const indexRowsOf: number[] = [];
  for (const [row, ofPhoto] of indexRows.entries())
    for (const indexRow of ofPhoto) {
      const label = photos.labels[indexRow] ?? -1;
      if (photos.splits[indexRow] !== split || label === -1) continue;
      rows.push(row);
      labels.push(label);
      indexRowsOf.push(indexRow);
    }
  return {
    rows: Uint32Array.from(rows),
    labels: Uint32Array.from(labels),
    indexRows: Uint32Array.from(indexRowsOf),
  };
}

function hasRows({ rows }: ShardExamples): boolean {
  return rows.length > 0;
}
