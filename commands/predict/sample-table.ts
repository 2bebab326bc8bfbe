import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import { unexpected } from "../../shared/errors.ts";

/** A competition's sample submission, as it stands there. */
export interface SampleTable {
  readonly file: string;
  readonly delimiter: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * Reads a table of text: comma, semicolon or tab, UTF-8 or UTF-16, any line ends.
 *
 * @throws PipelineError `usage` where there is no such file, `data` where it is no such table
 */
export async function readSampleTable(file: string): Promise<SampleTable> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw unexpected("usage", {
      where: "predict",
      expected: "a CSV file",
      subject: `--sample-submission ${file}`,
      got: "none there",
      cause,
    });
  });
  try {
    const text = textOf(bytes);
    const delimiter = delimiterOf(text);
    const [head, ...rows] = parse(text, { delimiter, skip_empty_lines: true, trim: true });
    if (head !== undefined) return { file, delimiter, head, rows };
  } catch (cause) {
    throw refused(file, cause instanceof Error ? cause.message : String(cause));
  }
  throw refused(file, "an empty file");
}

function refused(file: string, got: string): Error {
  return unexpected("data", { where: "predict", expected: "a CSV file", subject: file, got });
}

function textOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error("text that is neither UTF-8 nor UTF-16: save it as UTF-8", { cause });
  }
}

/** The one that cuts the first line into the most cells. */
function delimiterOf(text: string): string {
  const [line = ""] = text.trimStart().split(/[\r\n]/, 1);
  const cells = (delimiter: string) => parse(line, { delimiter, relax_quotes: true })[0]?.length ?? 0;
  return [",", ";", "\t"].reduce((best, each) => (cells(each) > cells(best) ? each : best));
}
