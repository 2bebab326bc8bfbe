import { readFile } from "node:fs/promises";
import type { Vector } from "apache-arrow";
import { openArrowFile } from "./arrow/file.ts";
import type { Artifact } from "./artifacts/types.ts";

/** The part of the set that a labelled photo belongs to. */
export const splits = ["train", "validation", "test"] as const;

export type Split = (typeof splits)[number];

/** The indexed photos as columns, in index order: what `index.arrow` and `labels.json` say. */
export interface IndexedPhotos {
  readonly count: number;
  readonly ids: readonly string[];
  readonly paths: readonly string[];
  readonly sha256s: readonly string[];
  /** the classes, in sorted order */
  readonly classes: readonly string[];
  /** the number of each photo's class; -1: unlabelled */
  readonly labels: Int32Array;
  /** null: unlabelled */
  readonly splits: readonly (Split | null)[];
  /** of what each photo shows: 16 hexadecimal digits, all zeros where it is of one colour (near-duplicates.ts) */
  readonly perceptualHashes: readonly string[];
  /** photos of one group belong on one side of every split, as do photos of the same bytes; null: by itself */
  readonly groups: readonly (string | null)[];
}

/** Reads the index's result. Memory holds the list of photos, never their pixels or features. */
export async function readIndexedPhotos(index: Artifact): Promise<IndexedPhotos> {
  const { labels: classes } = JSON.parse(await readFile(index.file("labels.json"), "utf8")) as {
    labels: string[];
  };
  const classNumbers = new Map(classes.map((name, number) => [name, number]));
  const table = await openArrowFile(index.file("index.arrow"));
  try {
    const ids: string[] = [];
    const paths: string[] = [];
    const sha256s: string[] = [];
    const perceptualHashes: string[] = [];
    const labels: number[] = [];
    const parts: (Split | null)[] = [];
    const groups: (string | null)[] = [];
    for (let i = 0; i < table.batches; i++) {
      const batch = await table.batch(i);
      ids.push(...textOf(batch.getChild("id")));
      paths.push(...textOf(batch.getChild("path")));
      sha256s.push(...textOf(batch.getChild("sha256")));
      perceptualHashes.push(...textOf(batch.getChild("perceptual_hash")));
      for (const group of textOf(batch.getChild("group"))) groups.push(group === "" ? null : group);
      for (const label of textOf(batch.getChild("label"))) labels.push(classNumbers.get(label) ?? -1);
      for (const part of textOf(batch.getChild("split")))
        parts.push(splits.find((each) => each === part) ?? null);
    }
    return {
      count: ids.length,
      ids,
      paths,
      sha256s,
      classes,
      labels: Int32Array.from(labels),
      splits: parts,
      perceptualHashes,
      groups,
    };
  } finally {
    await table.close();
  }
}

/** The texts of a column, "" where it is null. */
function* textOf(column: Vector | null): Generator<string> {
  for (const value of column ?? []) yield typeof value === "string" ? value : "";
}

/** Rows of the index by photo: files with the same bytes share one row of pixels and of features. */
export function rowsBySha256({ sha256s }: IndexedPhotos): ReadonlyMap<string, readonly number[]> {
  const rows = new Map<string, number[]>();
  sha256s.forEach((sha256, row) => {
    const known = rows.get(sha256);
    if (known === undefined) rows.set(sha256, [row]);
    else known.push(row);
  });
  return rows;
}
