import { readFile, stat } from "node:fs/promises";

/** A text file's text, or why it has none. */
export type Text = { readonly text: string } | { readonly problem: string };

/** A larger file is no table that somebody wrote, and more than memory should hold. */
const mostBytes = 256 * 1024 * 1024;

/**
 * Reads a text file: in UTF-8 or UTF-16 as its byte order mark or its zero bytes say, else in
 * UTF-8.
 *
 * @param encoding a WHATWG label ("windows-1252"); "": found out
 */
export async function readText(file: string, encoding: string): Promise<Text> {
  const there = await stat(file).catch(() => null);
  if (there === null || !there.isFile()) return { problem: "it cannot be read" };
  if (there.size > mostBytes) return { problem: `it has ${there.size} bytes, more than a table should` };
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null) return { problem: "it cannot be read" };
  const label = encoding === "" ? encodingOf(bytes) : encoding;
  try {
    return { text: new TextDecoder(label, { fatal: true }).decode(bytes) };
  } catch {
    const line = label === "utf-8" ? ` (line ${lineOfFirstFault(bytes)})` : "";
    return {
      problem: `its text is not ${label.toUpperCase()}${line}: save it as UTF-8, or give --encoding windows-1252`,
    };
  }
}

/** Whether a name is an encoding that text can be read in. */
export function isEncoding(label: string): boolean {
  try {
    new TextDecoder(label);
    return true;
  } catch {
    return false;
  }
}

function encodingOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  // Latin letters in UTF-16 have a zero byte each, on the one side or the other; UTF-8 has none.
  if (bytes.length >= 4 && first !== 0 && second === 0 && bytes[3] === 0) return "utf-16le";
  if (bytes.length >= 4 && first === 0 && second !== 0 && bytes[2] === 0) return "utf-16be";
  return "utf-8";
}

function lineOfFirstFault(bytes: Uint8Array): number {
  let line = 1;
  let from = 0;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (let i = 0; i <= bytes.length; i++) {
    if (i < bytes.length && bytes[i] !== 0x0a) continue;
    try {
      decoder.decode(bytes.subarray(from, i));
    } catch {
      return line;
    }
    line++;
    from = i + 1;
  }
  return line;
}
