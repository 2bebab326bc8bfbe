import type { LeftOut } from "./tree/left-out.ts";

/** The part of the set a labelled photo belongs to. */
export type Split = "train" | "validation" | "test";

export const splits: readonly Split[] = ["train", "validation", "test"];

/** A photo as its folder or file lists it. */
export interface ListedRow {
  readonly id: string;
  /** relative to the listing's root, with forward slashes */
  readonly path: string;
  /** null: unlabelled */
  readonly label: string | null;
  /** the part that the folder or the file gives it */
  readonly given: Split | null;
  /** photos of one group stay on one side of the split */
  readonly group: string | null;
  /** why it has no photo, where the listing itself shows that; else null */
  readonly problem: string | null;
}

/** A listed photo that has a label. */
export type LabelledRow<Row extends ListedRow = ListedRow> = Row & { readonly label: string };

/** Whether a row has a label. */
export function isLabelled<Row extends ListedRow>(row: Row): row is LabelledRow<Row> {
  return row.label !== null;
}

/** The photos of a data set, as its layout lists them. */
export interface Listing {
  /** which layout it is, for people */
  readonly layout: string;
  /** the folder that paths are relative to, absolute */
  readonly root: string;
  readonly rows: readonly ListedRow[];
  /** all else that lies below the root */
  readonly leftOut: readonly LeftOut[];
  /** what is odd about the set but stops nothing */
  readonly remarks: readonly string[];
}
