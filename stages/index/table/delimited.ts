import type { ReadRecords } from "./records.ts";

/**
 * Reads rows of text: CSV in any dialect (commas, semicolons, tabs or bars, whatever the ending
 * says), and lines of words with blanks between them (`.txt`).
 *
 * @param name the file's name, whose ending decides where the text leaves it open
 */
export async function readDelimited(text: string, name: string): Promise<ReadRecords> {
  const separator = separatorOf(text, name);
  if (separator === " ") return readWords(text);
  const { parse } = await import("csv-parse/sync");
  const options = {
    ...{ delimiter: separator, trim: true, skip_empty_lines: true, info: true as const },
    ...{ relax_quotes: true, relax_column_count: true },
  };
  let parsed: { readonly record: string[]; readonly info: { readonly lines: number } }[];
  try {
    parsed = parse(text, options) as unknown as typeof parsed;
  } catch (cause) {
    return { problem: cause instanceof Error ? cause.message : String(cause) };
  }
  const rows = parsed.map(({ record }) => record);
  const lines = parsed.map(({ info }) => info.lines);
  return rectangular(rows, lines);
}

const separators = [",", ";", "\t", "|"] as const;

/** The separator that cuts most lines into as many cells as the first one has. */
function separatorOf(text: string, name: string): string {
  const lines = text
    .slice(0, 100_000)
    .split(/\r\n|\n|\r/)
    .map((line) => line.replaceAll(/"[^"]*"/g, ""))
    .filter((line) => line.trim() !== "")
    .slice(0, 100);
  const ranked = separators
    .map((separator) => {
      const counts = lines.map((line) => line.split(separator).length);
      const first = counts[0] ?? 1;
      const alike = first > 1 ? counts.filter((count) => count === first).length : 0;
      const cut = counts.filter((count) => count > 1).length;
      return { separator, alike, cut };
    })
    .sort((a, b) => b.alike - a.alike || b.cut - a.cut);
  const best = ranked[0];
  if (best !== undefined && best.cut > lines.length / 2) return best.separator;
  if (/\.txt$/i.test(name) && lines.every((line) => /\S\s+\S/.test(line.trim()))) return " ";
  return /\.(tsv|tab)$/i.test(name) ? "\t" : ",";
}

/**
 * Lines of words; where their numbers differ, all but the last are one cell: a path may have
 * blanks.
 */
function readWords(text: string): ReadRecords {
  const numbered = text
    .split(/\r\n|\n|\r/)
    .map((line, i) => ({ words: line.trim().split(/\s+/), line: i + 1 }))
    .filter(({ words }) => words[0] !== "");
  const widths = new Set(numbered.map(({ words }) => words.length));
  const rows = numbered.map(({ words }) =>
    widths.size === 1 ? words : [words.slice(0, -1).join(" "), words.at(-1) ?? ""],
  );
  return { rows, lines: numbered.map(({ line }) => line), header: null };
}

/** Cuts empty cells behind the first row's off; refuses rows that are still longer, or shorter. */
function rectangular(rows: readonly string[][], lines: readonly number[]): ReadRecords {
  const width = rows[0]?.length ?? 0;
  for (const [i, row] of rows.entries()) {
    const isLonger = row.slice(width).some((cell) => cell !== "");
    if (!isLonger && row.length >= width) continue;
    return {
      problem: `line ${lines[i] ?? i + 1} has ${row.length} cells where the first has ${width}: put quotes around a cell that has the separator in it`,
    };
  }
  return { rows: rows.map((row) => row.slice(0, width)), lines, header: null };
}
