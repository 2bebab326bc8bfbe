import { readFile } from "node:fs/promises";
import { unexpected } from "../../../shared/errors.ts";

/** A CSV or TSV file in memory. */
export interface Table {
  readonly file: string;
  /** names of the columns, trimmed, lower case */
  readonly columns: readonly string[];
  readonly records: readonly (readonly string[])[];
}

/** Whether a file's name says that it is a CSV or TSV file. */
export function isTableName(name: string): boolean {
  return /\.(csv|tsv)$/i.test(name);
}

/**
 * Reads a CSV or TSV file: UTF-8, with or without a byte order mark, fields separated by tabs in a `.tsv` file, by commas
 * otherwise.
 *
 * @throws PipelineError `data` where it cannot be parsed or has no header
 */
export async function readTable(file: string): Promise<Table> {
  return parsed(file);
}

/** Reads the header alone, so that what is wrong further down in a file that nobody asked for stops nothing. */
export async function readHeader(file: string): Promise<Table> {
  return parsed(file, 1);
}

async function parsed(file: string, to?: number): Promise<Table> {
  const { parse } = await import("csv-parse/sync");
  const text = await readFile(file);
  const delimiter = /\.tsv$/i.test(file) ? "\t" : ",";
  let records: string[][];
  try {
    records = parse(text, { bom: true, delimiter, trim: true, skip_empty_lines: true, ...(to && { to }) });
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    throw unexpected("data", { where: "index", expected: "a table", subject: file, got, cause });
  }
  const [header = [], ...rest] = records;
  return { file, columns: header.map((name) => name.toLowerCase()), records: rest };
}

/** The cell of a record; "" where the column or the cell is not there. */
export function cell(record: readonly string[], column: number): string {
  return record[column] ?? "";
}
