import type { PipelineError } from "../../../shared/errors.ts";
import type { PhotoTable, UnusedTable } from "../table/read-rows.ts";
import type { Folder } from "../tree/folder.ts";
import type { LeftOut } from "../tree/left-out.ts";
import type { UnnamedRow } from "./ids.ts";
import type { LayoutName } from "./layout-names.ts";

/** A data set as the readers see it: one scan of its files, and its tables read. */
export interface DataSet {
  /** absolute */
  readonly root: string;
  readonly top: Folder;
  readonly tables: readonly PhotoTable[];
  readonly unusedTables: readonly UnusedTable[];
  /**
   * whether photos that the table does not list are no part of the set: the table itself was given
   */
  readonly onlyListed: boolean;
  /** a pattern whose first group is the label in a photo's name; null: not asked for */
  readonly labelPattern: RegExp | null;
}

/** What one layout would make of a data set. */
export interface Reading {
  readonly layout: LayoutName;
  /** the flags that choose it */
  readonly flag: string;
  /** for people: "a folder a class" */
  readonly says: string;
  readonly rows: readonly UnnamedRow[];
  /** photos that it does not use */
  readonly leftOut: readonly LeftOut[];
  /** what is odd but stops nothing */
  readonly remarks: readonly string[];
  /** why it may be wrong; none: it is sound */
  readonly doubts: readonly string[];
  /** files of tables that it reads */
  readonly tables: readonly string[];
  /** the error that a photo has two labels, which holds where this reading is taken */
  readonly clash?: PipelineError | null;
}

/**
 * Reads one layout: what it would make of the set, in as many ways as there are; none where it is
 * not that layout at all.
 */
export type LayoutReader = (data: DataSet) => readonly Reading[];
