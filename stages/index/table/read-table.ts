import path from "node:path";
import { readDelimited } from "./delimited.ts";
import { readJson } from "./json.ts";
import type { Records } from "./records.ts";
import { readText } from "./text.ts";

/** A table file of a data set, or why it cannot be read. */
export type TableFile = {
  /** relative to the root, with forward slashes */
  readonly file: string;
} & (Records | { readonly problem: string });

/**
 * Reads a table of text below `root`.
 *
 * @param file relative to the root
 */
export async function readTable(root: string, file: string, encoding: string): Promise<TableFile> {
  const read = await readText(path.join(root, file), encoding);
  if ("problem" in read) return { file, ...read };
  if (read.text.trim() === "") return { file, problem: "it is empty" };
  const name = path.posix.basename(file);
  const records = /\.(json|jsonl|ndjson)$/i.test(name)
    ? readJson(read.text, name)
    : await readDelimited(read.text, name);
  return { file, ...records };
}

/** The folder of a table, relative to the root; "" is the root itself. */
export function folderOf({ file }: Pick<TableFile, "file">): string {
  const folder = path.posix.dirname(file);
  return folder === "." ? "" : folder;
}
