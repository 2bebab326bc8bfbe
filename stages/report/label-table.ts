import { stringify } from "csv-stringify/sync";
import type { IndexedPhotos } from "../../shared/photos.ts";
import type { LabelledPhoto } from "./figures/label-errors.ts";

/**
 * The text of `label-errors.csv`: path, id, label, its probability, the likeliest other class and that one's, and whether
 * confident learning counts the label as wrong; a line a training photo, in the order given.
 */
export function labelTable(photos: IndexedPhotos, ranked: readonly LabelledPhoto[]): string {
  const { paths, ids, classes } = photos;
  return stringify(
    ranked.map(({ row, given, likely, selfConfidence, margin, suspected }) => ({
      path: paths[row],
      id: ids[row],
      label: classes[given],
      probability: selfConfidence.toFixed(6),
      rather: classes[likely],
      rather_probability: (selfConfidence - margin).toFixed(6),
      suspected: String(suspected),
    })),
    {
      header: true,
      columns: ["path", "id", "label", "probability", "rather", "rather_probability", "suspected"],
    },
  );
}
