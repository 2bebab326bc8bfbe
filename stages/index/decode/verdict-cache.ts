import { appendFile, mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { isGood, type Verdict } from "./verdict.ts";

/** Verdicts by sha256, on disk: the same bytes are not decoded again. */
export interface VerdictCache {
  get(sha256: string): Verdict | undefined;
  add(sha256: string, verdict: Verdict): void;
  /** Appends what was added to the disk. */
  flush(): Promise<void>;
}

/**
 * Opens the cache at `file`, a line a verdict: [sha256, width, height, perceptual hash] or [sha256, reason]. Lines are only ever appended, so a
 * run that is killed keeps what it flushed; a torn or strange line is passed over.
 */
export async function openVerdictCache(file: string): Promise<VerdictCache> {
  const known = new Map<string, Verdict>();
  const text = await readFile(file, "utf8").catch(() => "");
  for (const line of text.split("\n")) {
    const entry = parsed(line);
    if (entry !== null) known.set(...entry);
  }
  let added = "";
  return {
    get: (sha256) => known.get(sha256),
    add(sha256, verdict) {
      known.set(sha256, verdict);
      const fields = isGood(verdict)
        ? [verdict.width, verdict.height, verdict.perceptualHash]
        : [verdict.reason];
      added += `${JSON.stringify([sha256, ...fields])}\n`;
    },
    async flush() {
      if (added === "") return;
      // A line may have been torn before: a new one begins here.
      const lines = `\n${added}`;
      added = "";
      await mkdir(path.dirname(file), { recursive: true });
      await appendFile(file, lines);
    },
  };
}

function parsed(line: string): [string, Verdict] | null {
  if (line === "") return null;
  let fields: unknown;
  try {
    fields = JSON.parse(line);
  } catch {
    return null;
  }
  if (!Array.isArray(fields)) return null;
  const [sha256, first, second, third] = fields as unknown[];
  if (typeof sha256 !== "string") return null;
  if (typeof first === "string") return [sha256, { reason: first }];
  if (typeof first === "number" && typeof second === "number" && typeof third === "string")
    return [sha256, { width: first, height: second, perceptualHash: third }];
  return null;
}
