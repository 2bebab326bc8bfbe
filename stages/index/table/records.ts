/** What a table file holds: rows of cells, without a word on which of them is a header. */
export interface Records {
  readonly rows: readonly (readonly string[])[];
  /** the line of the file on which each row starts, from 1 */
  readonly lines: readonly number[];
  /** names of the columns, where the format itself says them (JSON) */
  readonly header: readonly string[] | null;
}

export type ReadRecords = Records | { readonly problem: string };
