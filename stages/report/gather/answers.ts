import type { Artifact } from "../../../shared/artifacts/types.ts";
import type { IndexedPhotos, Split } from "../../../shared/photos.ts";
import type { AnsweredPhotos } from "../figures/answered.ts";
import { readRows } from "./rows.ts";

/** What export's probabilities say of the labelled photos of a part. Only theirs are kept in memory. */
export async function readAnswers(
  exported: Artifact,
  photos: IndexedPhotos,
  part: Split,
): Promise<AnsweredPhotos> {
  const classes = photos.classes.length;
  const rows = Int32Array.from(
    photos.splits.flatMap((split, row) => (split === part && (photos.labels[row] ?? -1) >= 0 ? [row] : [])),
  );
  return {
    rows,
    labels: rows.map((row) => photos.labels[row] as number),
    probabilities: await readRows(exported.file("probabilities.npy"), {
      rows,
      width: classes,
      rowCount: photos.count,
    }),
    classes,
  };
}
